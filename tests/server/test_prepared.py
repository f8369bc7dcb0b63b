"""Statements that the driver runs by itself fail as SQLAlchemy's do, and what was cut is connected anew."""

from collections.abc import Callable, Iterator
from threading import Event, Thread

import pytest
from mpex_server.storage import engine as engines
from mpex_server.storage import tables as t
from mpex_server.storage.engine import make_engine, transaction
from mpex_server.storage.prepared import Prepared, among
from sqlalchemy import BigInteger, Engine, Float, bindparam, func, insert, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError

from tests.databases import Databases
from tests.server.world import create_schema

NEW = Prepared(insert(t.replay), "value", "expires")
KNOWN = Prepared(select(t.replay.c.expires).where(t.replay.c.value == bindparam("wanted")))


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    """An engine over the node's tables."""
    made = make_engine(database_url, "node:one")
    yield made
    made.dispose()


@pytest.fixture
def unused(databases: Databases) -> Iterator[Engine]:
    """An engine over tables of PostgreSQL to which nobody has ever written, so that it knows nothing of them.

    Other databases are used again when their rows are gone, and may have statistics.
    """
    url = databases.fresh("postgresql", _tables_of_their_own)
    made = make_engine(url, "node:one")
    yield made
    made.dispose()
    databases.drop(url)


def _tables_of_their_own(url: str) -> None:
    create_schema(url)


def test_rows_are_written_and_read_in_the_transaction(engine: Engine) -> None:
    rows = [{"value": name, "expires": number} for number, name in enumerate((b"a", b"b"))]
    with transaction(engine) as conn:
        NEW.change_all(conn, rows)
        assert (KNOWN.all(conn, wanted=b"b"), KNOWN.first(conn, wanted=b"c")) == ([(1,)], None)
        conn.rollback()
    with transaction(engine, write=False) as conn:
        assert KNOWN.first(conn, wanted=b"b") is None


def test_a_list_is_looked_up_in_the_index_even_of_a_table_without_statistics(unused: Engine) -> None:
    known = select(t.index_token.c.document_id).where(among(t.index_token.c.token, "wanted", BigInteger))
    with transaction(unused) as conn:
        asked = f"EXPLAIN {known.compile(dialect=conn.dialect)}"
        plan = [row for (row,) in conn.exec_driver_sql(asked, {"wanted": [1, 2]})]
    assert any("Index Cond" in row and "ANY" in row for row in plan), plan


def test_a_reference_is_looked_up_by_the_key_even_in_a_table_without_statistics(unused: Engine) -> None:
    """The form is that in which PostgreSQL checks what refers to a document, once for each row stored."""
    referred = "SELECT 1 FROM ONLY document x WHERE tenant = 1 AND id = 'a' FOR KEY SHARE OF x"
    with transaction(unused) as conn:
        plan = [row for (row,) in conn.exec_driver_sql(f"EXPLAIN {referred}")]
    assert any("using pk_document " in row for row in plan), plan


def test_a_key_that_is_taken_is_an_integrity_error_without_values(engine: Engine) -> None:
    with transaction(engine) as conn:
        assert NEW.change(conn, value=b"a", expires=1) == 1
    with pytest.raises(IntegrityError) as refused, transaction(engine) as conn:
        NEW.change(conn, value=b"a", expires=2)
    assert refused.value.params is None
    with transaction(engine, write=False) as conn:
        assert KNOWN.first(conn, wanted=b"a") == (1,)


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_failure_that_was_passed_over_is_no_commit(engine: Engine) -> None:
    def passed_over() -> None:
        with transaction(engine) as conn:
            NEW.change(conn, value=b"a", expires=1)
            with pytest.raises(IntegrityError):
                NEW.change(conn, value=b"a", expires=2)

    with pytest.raises(DBAPIError, match="rolled back"):
        passed_over()
    with transaction(engine, write=False) as conn:
        assert KNOWN.first(conn, wanted=b"a") is None


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_other_threads_run_while_a_batch_is_on_its_way(engine: Engine) -> None:
    long = Prepared(select(func.pg_sleep(bindparam("seconds", type_=Float))))
    turns, arrived = list[int](), Event()

    def other() -> None:
        while not arrived.wait(0.005):
            turns.append(1)

    thread = Thread(target=other)
    with transaction(engine) as conn:
        long.change_all(conn, [{"seconds": 0.0}])
        thread.start()
        long.change_all(conn, [{"seconds": 0.1}, {"seconds": 0.1}])
        seen = len(turns)
        arrived.set()
    thread.join()
    assert seen > 3


def test_no_failure_of_the_database_says_values(engine: Engine) -> None:
    row = {"system": "file", "source_id": "Fictia Examplová", "document_id": "person:none"}
    with pytest.raises(IntegrityError) as refused, transaction(engine) as conn:
        conn.execute(insert(t.source_key), [row, row])
    assert "Fictia" not in str(refused.value)


@pytest.fixture
def ended(engine: Engine) -> Iterator[Callable[[], None]]:
    """End every connection of the engine at the database."""
    other = make_engine(engine.url.render_as_string(hide_password=False), "node:one")
    others = text(
        "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )

    def end() -> None:
        with transaction(other) as conn:
            conn.execute(others)

    yield end
    other.dispose()


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_connections_that_the_database_ended_are_not_used_again(
    engine: Engine, ended: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engines, "_IDLE_SECONDS", 0.0)
    with engine.connect(), engine.connect():
        pass
    ended()
    with transaction(engine) as conn:
        assert KNOWN.first(conn, wanted=b"a") is None
        ended()
        with pytest.raises(OperationalError):
            KNOWN.first(conn, wanted=b"a")
        assert conn.invalidated
        conn.rollback()


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_statements_that_are_sent_together_fail_when_the_connection_is_gone(
    engine: Engine, ended: Callable[[], None]
) -> None:
    rows = [{"value": bytes([number]), "expires": number} for number in range(250)]
    with transaction(engine) as conn:
        NEW.change_all(conn, rows[:1])
        ended()
        with pytest.raises(OperationalError):
            NEW.change_all(conn, rows[1:])
        assert conn.invalidated
        conn.rollback()
    with transaction(engine) as conn:
        NEW.change_all(conn, rows)
