"""The fixtures every other test relies on do what they promise."""

import socket

import pytest
import sqlalchemy as sa
from pytest_socket import SocketConnectBlockedError


def _leave_a_mark(url: str) -> int:
    engine = sa.create_engine(url, poolclass=sa.NullPool)
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
