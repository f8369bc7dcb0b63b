"""The floor below the application on PostgreSQL: what its role may do, and which rows it is shown at all.

Every row is its tenant's, and rows about persons are shown for a purpose that may be: for a prohibited one,
or for none, the tables are empty, whatever the application decides (STOR-003, STOR-004). The log is
insert-only. What the floor consists of is data here; the owner of the tables lays it, anew with each upgrade.
"""

from collections.abc import Iterator
from typing import Final

from sqlalchemy import Connection, inspect, text

from mpex_server.domain.purposes import MATRIX, PROHIBITED
from mpex_server.storage import tables as t
from mpex_server.storage.engine import OWN_WORK, is_sqlite
from mpex_server.storage.hosting import OWN, TENANT

PERSONAL: Final = frozenset(
    name
    for name, table in t.metadata.tables.items()
    if table in (t.document, t.outbox) or any(key.column.table is t.document for key in table.foreign_keys)
)
"""Tables with rows about persons: documents, what belongs to one, and what waits to be sent."""

_EVERYTHING = "SELECT, INSERT, UPDATE, DELETE"
_GRANTS: Final = {
    "audit_leaf": "SELECT, INSERT, UPDATE (position)",
    "log_node": "SELECT, INSERT",
    "checkpoint": "SELECT, INSERT",
    "document": "SELECT, INSERT, UPDATE",
    "disclosure": "SELECT, INSERT, UPDATE",
    "disclosure_directive": "SELECT, INSERT",
    "inbox": "SELECT, INSERT, UPDATE",
}
"""What the application may do with a table, where that is not everything with rows."""

_VERSIONS = "alembic_version"
_PURPOSES = ", ".join(f"'{code}'" for code in sorted({*MATRIX, OWN_WORK} - PROHIBITED))
_POLICIES = {
    "tenant": f"AS PERMISSIVE USING ({TENANT} = {OWN})",
    # A condition of its own is judged once for a statement; without SELECT it would be once for each row.
    "purpose": f"AS RESTRICTIVE USING ((SELECT current_setting('mpex.purpose', true) IN ({_PURPOSES})))",
}
_ROLE = text(
    "SELECT rolsuper OR rolbypassrls AS above, (SELECT count(*) FROM pg_class"
    " WHERE relnamespace = current_schema()::regnamespace AND relkind = 'r'"
    " AND pg_has_role(current_user, relowner, 'MEMBER')) AS owned FROM pg_roles WHERE rolname = current_user"
)
_FORCED = text(
    "SELECT relname FROM pg_class WHERE relnamespace = current_schema()::regnamespace"
    " AND relrowsecurity AND relforcerowsecurity"
)
_LAID = text("SELECT tablename, policyname FROM pg_policies WHERE schemaname = current_schema()")
_MAY_CHANGE = text(
    "SELECT relname FROM pg_class WHERE relnamespace = current_schema()::regnamespace"
    " AND relname IN ('audit_leaf', 'log_node', 'checkpoint')"
    " AND (has_table_privilege(oid, 'UPDATE') OR has_table_privilege(oid, 'DELETE, TRUNCATE'))"
)


def hides(conn: Connection, purpose: str | None) -> bool:
    """Tell whether this database shows nothing about persons because a purpose is prohibited."""
    return purpose in PROHIBITED and not is_sqlite(conn)


def lift(conn: Connection) -> None:
    """Let the owner of the tables see the rows of all tenants until the floor is laid again."""
    for name in _existing(conn):
        conn.execute(text(f'ALTER TABLE "{name}" NO FORCE ROW LEVEL SECURITY'))


def lay(conn: Connection, application: str) -> None:
    """Lay the floor under every table, and let the role `application` work on it; for the tables' owner."""
    role = conn.dialect.identifier_preparer.quote_identifier(application)
    for name in _existing(conn):
        for statement in _statements(name, role):
            conn.execute(text(statement))
    conn.execute(text(f"GRANT SELECT ON {_VERSIONS} TO {role}"))
    conn.execute(text(f"GRANT USAGE, SELECT, UPDATE ON ALL SEQUENCES IN SCHEMA public TO {role}"))


def faults(conn: Connection) -> Iterator[str]:
    """Yield what the floor lacks for the role of this connection; nothing when it holds."""
    if is_sqlite(conn):
        yield "SQLite has none"
        return
    role = conn.execute(_ROLE).one()
    if role.above:
        yield "the role is a superuser or has BYPASSRLS"
    if role.owned:
        yield "the role owns the tables"
    known, forced = {*t.metadata.tables}, {*conn.scalars(_FORCED)}
    if known - forced:
        yield "row-level security is not forced on every table"
    laid = {(row.tablename, row.policyname) for row in conn.execute(_LAID)}
    if not {(name, "tenant") for name in known} | {(name, "purpose") for name in PERSONAL} <= laid:
        yield "policies are missing"
    if changeable := sorted(conn.scalars(_MAY_CHANGE)):
        yield f"the role may change the log ({', '.join(changeable)})"


def _existing(conn: Connection) -> list[str]:
    return sorted({*inspect(conn).get_table_names()} - {_VERSIONS})


def _statements(name: str, role: str) -> Iterator[str]:
    yield f"ALTER TABLE {name} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY"
    for policy, condition in _POLICIES.items():
        yield f"DROP POLICY IF EXISTS {policy} ON {name}"
        if policy == "tenant" or name in PERSONAL:
            yield f"CREATE POLICY {policy} ON {name} {condition}"
    yield f"REVOKE ALL ON {name} FROM {role}"
    for privilege in _GRANTS.get(name, _EVERYTHING).split(", "):
        yield f"GRANT {privilege} ON {name} TO {role}"
