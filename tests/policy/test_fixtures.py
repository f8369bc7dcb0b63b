"""The fixtures every other test relies on do what they promise."""

import socket

import pytest
import sqlalchemy as sa
from pytest_socket import SocketConnectBlockedError

from tests.databases import Databases
from tools.embedded_postgres import as_owner


def _leave_a_mark(url: str) -> int:
    engine = sa.create_engine(as_owner(url), poolclass=sa.NullPool)
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE IF NOT EXISTS mark (n INTEGER)")
        connection.exec_driver_sql("INSERT INTO mark VALUES (1)")
        return int(connection.execute(sa.text("SELECT count(*) FROM mark")).scalar_one())


@pytest.mark.parametrize("turn", ["first", "second"])
def test_each_test_has_a_database_of_its_own(database_url: str, turn: str) -> None:
    assert _leave_a_mark(database_url) == 1, turn


def test_a_connection_beyond_loopback_is_refused() -> None:
    with (
        socket.socket() as outward,
        pytest.raises((SocketConnectBlockedError, UserWarning), match="A test tried to use"),
    ):
        outward.connect(("192.0.2.1", 80))


class TestPreparedDatabases:
    """An override of ``prepare_database`` is what each test's database starts from."""

    @pytest.fixture
    def prepare_database(self) -> object:
        return _prepare

    @pytest.mark.parametrize("turn", ["first", "second"])
    def test_each_test_starts_from_the_prepared_state(self, database_url: str, turn: str) -> None:
        assert _leave_a_mark(database_url) == 2, turn


def _prepare(url: str) -> None:
    _leave_a_mark(url)


def test_a_used_database_is_handed_out_again_empty_unless_its_shape_changed(databases: Databases) -> None:
    first = databases.fresh("postgresql", _tables)
    assert _fill(first) == 1
    databases.drop(first)
    second = databases.fresh("postgresql", _tables)
    assert _fill(second, "ALTER TABLE kept ADD COLUMN odd INTEGER") == 1
    databases.drop(second)
    third = databases.fresh("postgresql", _tables)
    assert _fill(third) == 1
    databases.drop(third)
    names = [sa.make_url(url).database for url in (first, second, third)]
    assert len(set(names)) == 3


def _tables(url: str) -> None:
    with sa.create_engine(as_owner(url), poolclass=sa.NullPool).begin() as connection:
        connection.exec_driver_sql("CREATE TABLE kept (n SERIAL PRIMARY KEY)")
        connection.exec_driver_sql(
            "CREATE FUNCTION no() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''no''; END'"
        )
        connection.exec_driver_sql(
            "CREATE TRIGGER no_delete BEFORE DELETE ON kept FOR EACH ROW EXECUTE FUNCTION no()"
        )


def _fill(url: str, change: str = "SELECT 1") -> int:
    """Add a row and return its number, which is 1 in a table that is as new, with its columns."""
    with sa.create_engine(as_owner(url), poolclass=sa.NullPool).begin() as connection:
        columns = [column["name"] for column in sa.inspect(connection).get_columns("kept")]
        assert columns == ["n"]
        connection.exec_driver_sql(change)
        connection.exec_driver_sql("INSERT INTO kept DEFAULT VALUES")
        return int(connection.execute(sa.text("SELECT sum(n) FROM kept")).scalar_one())
