"""The migrations make exactly the tables that the code uses, and the log below it is append-only."""

from collections.abc import Iterator
from typing import Any

import pytest
from mpex_server.storage.engine import make_engine, snapshot, transaction
from mpex_server.storage.schema import differences, migrate, revision_of, revisions, upgrade
from sqlalchemy import Column, Connection, Engine, MetaData, Table, insert, select, text
from sqlalchemy.exc import DBAPIError

from tools.embedded_postgres import as_owner


def test_migrations_make_the_tables_that_the_code_uses(database_url: str) -> None:
    engine = make_engine(database_url, "node:one")
    with snapshot(engine) as conn:
        assert differences(conn) == [], "add a migration to mpex_server/storage/migrations/versions"
    engine.dispose()


def test_upgrading_twice_changes_nothing(database_url: str) -> None:
    engine = make_engine(database_url, "node:one")
    upgrade(engine)
    upgrade(engine)
    with snapshot(engine) as conn:
        assert differences(conn) == []
    engine.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request: pytest.FixtureRequest, databases: Any) -> Iterator[Engine]:
    url = databases.fresh(request.param, None)
    engine = make_engine(as_owner(url), "node:one")
    yield engine
    engine.dispose()
    databases.drop(url)


@pytest.mark.parametrize("revision", revisions())
def test_data_of_every_earlier_revision_survive_the_upgrade(empty: Engine, revision: str) -> None:
    with transaction(empty) as conn:
        migrate(conn, revision)
        assert revision_of(conn) == revision
        before = filled(conn)
    upgrade(empty)
    with snapshot(empty) as conn:
        assert differences(conn) == []
        now = MetaData()
        now.reflect(conn)
        kept = {name: rows(conn, now.tables[name]) for name in before.keys() & now.tables.keys()}
        assert {name: len(found) for name, found in kept.items()} == dict.fromkeys(kept, 2)
        assert all(value in kept["document"][0] for value in before["document"][0])


def filled(conn: Connection) -> dict[str, list[Any]]:
    """Put two rows into each table, whatever its columns are, and return what is in them."""
    tables = MetaData()
    tables.reflect(conn)
    known = [table for table in tables.sorted_tables if table.name != "alembic_version"]
    for table in known:
        rows_of = [{column.name: value(column, number) for column in table.columns} for number in (1, 2)]
        conn.execute(insert(table), rows_of)
    return {table.name: rows(conn, table) for table in known}


def value(column: Column[Any], number: int) -> Any:
    """Return a value that fits the column; rows of one number belong together, so foreign keys fit."""
    kind = column.type.python_type
    made: dict[type, Any] = {int: number, bool: True, bytes: bytes([number]), str: f"text {number}"}
    return made[kind]


def rows(conn: Connection, table: Table) -> list[Any]:
    """Return the rows of a table in the order of its key."""
    return list(conn.execute(select(table).order_by(*table.primary_key.columns)))


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_leaf SET body = 'b'",
        "UPDATE audit_leaf SET position = 9 WHERE position IS NOT NULL",
        "DELETE FROM audit_leaf",
        "UPDATE log_node SET hash = 'h'",
        "DELETE FROM log_node",
        "DELETE FROM checkpoint",
    ],
)
def test_the_database_refuses_to_change_the_log(database_url: str, statement: str) -> None:
    """Even its owner: the role of a node has no right to try (test_floor)."""
    engine = make_engine(as_owner(database_url), "node:one")
    with transaction(engine) as conn:
        conn.execute(
            text("INSERT INTO audit_leaf (id, at, body) VALUES ('leaf:a', '2026-11-21T10:00:00Z', 'a')")
        )
        conn.execute(text("UPDATE audit_leaf SET position = 0"))
        conn.execute(text("INSERT INTO log_node (level, idx, hash) VALUES (0, 0, 'a')"))
        conn.execute(
            text("INSERT INTO checkpoint (size, root, note, at) VALUES (1, 'r', 'n', '2026-11-21T10:00:00Z')")
        )
    with pytest.raises(DBAPIError, match="append-only"), transaction(engine) as conn:
        conn.execute(text(statement))
    engine.dispose()
