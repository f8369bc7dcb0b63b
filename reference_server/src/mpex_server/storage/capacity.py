"""Whether the database server takes as many connections as the node's processes may open."""

from sqlalchemy import text

from mpex_server.storage.engine import OVERFLOW, snapshot, used

_OFFERED = text(
    "SELECT current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int"
)


class TooFewConnectionsError(RuntimeError):
    """The database server would refuse connections that requests wait for."""


def check(database_url: str, *, workers: int, threads: int) -> None:
    """Raise TooFewConnectionsError when all processes together may open more than PostgreSQL takes."""
    with used(database_url, "") as engine:
        if engine.dialect.name != "postgresql":
            return
        with snapshot(engine) as conn:
            offered: int = conn.execute(_OFFERED).scalar_one()
    needed = workers * (threads + OVERFLOW)
    if needed > offered:
        raise TooFewConnectionsError(
            f"{workers} workers of {threads} threads open up to {needed} connections, and the database takes"
            f" {offered}. Raise its max_connections, or lower --workers or MPEX_THREADS."
        )
