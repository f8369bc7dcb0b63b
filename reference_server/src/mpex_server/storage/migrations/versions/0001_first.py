"""First schema: documents and their keys, index, disclosures, events, clients, and the insert-only log.

Triggers keep the log append-only below the application: an entry may receive its position once; nothing else
of entries, tree nodes or checkpoints can be changed or removed.
"""

from alembic import op
from mpex_server.storage.migrations._generated import first_hosted_tables, first_tables

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_APPEND_ONLY = {
    "audit_leaf": "OLD.position IS NOT NULL OR NEW.body <> OLD.body OR NEW.id <> OLD.id OR NEW.at <> OLD.at",
    "log_node": None,
    "checkpoint": None,
}


def upgrade() -> None:
    """Create the tables and guard the log."""
    if op.get_bind().dialect.name == "sqlite":
        first_tables.create()
        _guard_sqlite()
    else:
        first_hosted_tables.create()
        _guard_postgresql()


def _guard_sqlite() -> None:
    for table, condition in _APPEND_ONLY.items():
        refuse = f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        when = f"WHEN {condition} " if condition else ""
        op.execute(f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} {when}{refuse}")
        op.execute(f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} {refuse}")


def _guard_postgresql() -> None:
    op.execute(
        "CREATE FUNCTION mpex_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$"
    )
    for table, condition in _APPEND_ONLY.items():
        when = f"WHEN ({condition}) " if condition else ""
        act = "EXECUTE FUNCTION mpex_append_only()"
        op.execute(f"CREATE TRIGGER no_update BEFORE UPDATE ON {table} FOR EACH ROW {when}{act}")
        op.execute(f"CREATE TRIGGER no_delete BEFORE DELETE ON {table} FOR EACH ROW {act}")
        op.execute(f"CREATE TRIGGER no_truncate BEFORE TRUNCATE ON {table} FOR EACH STATEMENT {act}")
