"""Engines: SQLite in WAL mode with full durability, or PostgreSQL through psycopg 3.

pysqlite's own transaction handling is switched off: every transaction begins with our BEGIN, a writing one
with BEGIN IMMEDIATE. Otherwise two threads can read the same version and both write, and one update is lost
without an error.
"""

import math
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from functools import lru_cache, partial
from typing import Any, Final, TypeVar

from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    Select,
    Table,
    create_engine,
    event,
    func,
    select,
    text,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, IntegrityError, InvalidatePoolError, OperationalError, SQLAlchemyError
from sqlalchemy.pool import QueuePool

from mpex_server.storage import postgres
from mpex_server.storage import sqlite as calls
from mpex_server.storage.hosting import number_of
from mpex_server.storage.prepared import Prepared, driven
from mpex_server.storage.turns import Turns

T = TypeVar("T")
OWN_WORK: Final = "nodeOperation"
"""Purpose of what a node does by itself or by command; no token can be for it (STOR-003)."""
UNSTATED: Final = ""
"""No purpose: for answers without a token, which read nothing about persons."""
OVERFLOW = 2
"""Connections that a process may open beyond one for each of its threads."""
_TRIES = 3
_IDLE_SECONDS = 1.0
# Serialization failure and deadlock (SQLSTATE class 40).
_ROLLED_BACK = frozenset({"40001", "40P01"})
# The server was stopped, crashed, or is starting.
_SHUT_DOWN = frozenset({"57P01", "57P02", "57P03"})
_SQLITE_PRAGMAS: tuple[str, ...] = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    "PRAGMA secure_delete=ON",
    "PRAGMA foreign_keys=ON",
    "PRAGMA busy_timeout=15000",
)


@contextmanager
def used(url: str, node_id: str) -> Iterator[Engine]:
    """Yield an engine for one thread, and close its connections behind it."""
    engine = make_engine(url, node_id, threads=1)
    try:
        yield engine
    finally:
        engine.dispose()


def make_engine(url: str, node_id: str, *, threads: int = 8) -> Engine:
    """Return a node's engine for a `sqlite:///…` or `postgresql+psycopg://…` address.

    On PostgreSQL each of its transactions is the tenant's that the node is, and has a purpose.
    """
    backend = make_url(url).get_backend_name()
    if backend == "sqlite":
        engine = create_engine(
            url,
            poolclass=QueuePool,
            pool_size=threads,
            max_overflow=OVERFLOW,
            hide_parameters=True,
            connect_args={"check_same_thread": False, "isolation_level": None},
        )
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        event.listen(engine, "commit", _commit_sqlite)
        engine.update_execution_options(mpex_turns=Turns())
        return engine
    if backend == "postgresql":
        engine = create_engine(
            url,
            pool_size=threads,
            max_overflow=OVERFLOW,
            hide_parameters=True,
            connect_args={"client_encoding": "utf8"},
        )
        engine.update_execution_options(mpex_tenant=number_of(node_id))
        event.listen(engine, "checkin", _note_return)
        event.listen(engine, "checkout", partial(_check_idle, engine))
        event.listen(engine, "begin", _begin_postgres)
        event.listen(engine, "commit", _commit_postgres)
        event.listen(engine, "rollback", _roll_back_postgres)
        return engine
    raise ValueError("MPEX_DATABASE_URL must name sqlite or postgresql")


@contextmanager
def transaction(
    engine: Engine, purpose: str = OWN_WORK, *, write: bool = True, short: bool = False
) -> Iterator[Connection]:
    """Yield a connection in one transaction that commits at the end and rolls back on any exception.

    A `short` one may share its commit with others at SQLite. For a purpose that may not be, and for none,
    PostgreSQL shows it no row about a person (STOR-003).
    """
    turns: Turns | None = engine.get_execution_options().get("mpex_turns") if write else None
    try:
        if turns and short:
            with turns.together(engine) as conn:
                yield conn
        else:
            with (
                turns.alone() if turns else nullcontext(),
                engine.connect().execution_options(mpex_write=write, mpex_purpose=purpose) as conn,
                conn.begin(),
            ):
                yield conn
    except OperationalError as error:
        # The idle connections ended with this one; of many requests only one is to meet a restart.
        if error.connection_invalidated or _code(error) in _SHUT_DOWN:
            engine.dispose()
        raise


@contextmanager
def snapshot(engine: Engine) -> Iterator[Connection]:
    """Yield a connection that only reads, and sees one state of the database however long that takes."""
    with engine.connect().execution_options(mpex_write=False, mpex_snapshot=True) as conn, conn.begin():
        yield conn


def streamed(conn: Connection, statement: Select[Any]) -> Iterator[Any]:
    """Yield the rows of a statement without holding them all."""
    with conn.execute(statement, execution_options={"yield_per": 500}) as rows:
        yield from rows


def insert_new(conn: Connection, table: Table, **values: Any) -> bool:
    """Insert a row unless its key exists; return whether it was new. Waits for a simultaneous insertion."""
    return _new_row(table, is_sqlite(conn), tuple(values)).change(conn, **values) == 1


def one_at_a_time(conn: Connection, name: str) -> None:
    """Wait until no other transaction of the node that asked for this name is open.

    SQLite lets only one write anyway.
    """
    if not is_sqlite(conn):
        conn.execute(select(func.pg_advisory_xact_lock(_lock(conn, name))))


def is_first(conn: Connection, name: str) -> bool:
    """Tell whether no other transaction of the node that asked for this name is open, without waiting."""
    return is_sqlite(conn) or bool(conn.scalar(select(func.pg_try_advisory_xact_lock(_lock(conn, name)))))


def _lock(conn: Connection, name: str) -> ColumnElement[int]:
    return func.hashtextextended(name, conn.get_execution_options()["mpex_tenant"])


def retried(work: Callable[[], T], also: type[Exception] = IntegrityError) -> T:
    """Run a unit of work again when another transaction came in between, three times at most.

    `also` names an exception by which the work itself says so.

    PostgreSQL lets two transactions see the same state; the second to write meets a key that is taken or a
    deadlock, is rolled back as a whole, and sees on its next try what the first has done.
    """
    for _ in range(_TRIES - 1):
        try:
            return work()
        except (DBAPIError, also) as error:
            if not (isinstance(error, IntegrityError | also) or _code(error) in _ROLLED_BACK):
                raise
    return work()


def is_sqlite(conn: Connection) -> bool:
    """Tell whether the connection speaks to SQLite."""
    return conn.dialect.name == "sqlite"


def answers(engine: Engine) -> bool:
    """Tell whether the database can be reached and has the schema."""
    try:
        with transaction(engine, UNSTATED, write=False) as conn:
            conn.execute(text("SELECT id FROM document LIMIT 1")).first()
    except SQLAlchemyError:
        return False
    return True


def truncate_log(engine: Engine) -> None:
    """Remove shredded bytes from SQLite's write-ahead log; nothing to do on PostgreSQL."""
    if engine.dialect.name == "sqlite":
        with engine.connect() as conn:
            conn.exec_driver_sql("COMMIT")
            conn.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    cursor = connection.cursor()
    for pragma in _SQLITE_PRAGMAS:
        cursor.execute(pragma)
    cursor.close()


def _begin_sqlite(conn: Connection) -> None:
    write = conn.get_execution_options().get("mpex_write", True)
    driven(conn, calls.command, "BEGIN IMMEDIATE" if write else "BEGIN")


def _commit_sqlite(conn: Connection) -> None:
    driven(conn, calls.commit)


def _begin_postgres(conn: Connection) -> None:
    options = conn.get_execution_options()
    purpose, still = options.get("mpex_purpose", OWN_WORK), options.get("mpex_snapshot", False)
    driven(conn, postgres.command, _beginning(options["mpex_tenant"], purpose, still=still))


@lru_cache(maxsize=64)
def _beginning(tenant: int, purpose: str, *, still: bool) -> str:
    """Return one message that begins a transaction and says whose rows it may see, and what for."""
    if purpose and not (purpose.isascii() and purpose.isalpha()):
        raise ValueError("a purpose is a code of letters")
    begin = "BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY" if still else "BEGIN"
    return f"{begin}; SET LOCAL mpex.tenant = '{tenant}'; SET LOCAL mpex.purpose = '{purpose}'"


def _commit_postgres(conn: Connection) -> None:
    """Commit before psycopg does, which then finds nothing to do and makes no round trip."""
    driven(conn, postgres.commit)


def _roll_back_postgres(conn: Connection) -> None:
    """Roll back before psycopg does, which would also forget every prepared statement."""
    if not conn.invalidated:
        driven(conn, postgres.command, "ROLLBACK")


def _note_return(_connection: Any, record: Any) -> None:
    record.info["returned"] = time.monotonic()


def _check_idle(engine: Engine, connection: Any, record: Any, _proxy: Any) -> None:
    """Ask a connection that was idle whether it still stands; asking each time would cost a round trip."""
    if time.monotonic() - record.info.get("returned", math.inf) < _IDLE_SECONDS:
        return
    try:
        engine.dialect.do_ping(connection)
    except engine.dialect.loaded_dbapi.Error as error:
        raise InvalidatePoolError from error


@lru_cache(maxsize=64)
def _new_row(table: Table, in_sqlite: bool, columns: tuple[str, ...]) -> Prepared:
    dialect = sqlite if in_sqlite else postgresql
    return Prepared(dialect.insert(table).on_conflict_do_nothing(), *columns)


def _code(error: Exception) -> str | None:
    return getattr(error.orig, "sqlstate", None) if isinstance(error, DBAPIError) else None
