"""The migrations make exactly the tables that the code uses, and the log below it is append-only."""

import pytest
from mpex_server.storage.engine import make_engine, snapshot, transaction
from mpex_server.storage.schema import differences, upgrade
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError


def test_migrations_make_the_tables_that_the_code_uses(database_url: str) -> None:
    engine = make_engine(database_url)
    with snapshot(engine) as conn:
        assert differences(conn) == [], "add a migration to mpex_server/storage/migrations/versions"
    engine.dispose()


def test_upgrading_twice_changes_nothing(database_url: str) -> None:
    engine = make_engine(database_url)
    upgrade(engine)
    upgrade(engine)
    with snapshot(engine) as conn:
        assert differences(conn) == []
    engine.dispose()


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
    engine = make_engine(database_url)
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
