"""Identifiers that incidents were ever given."""

from collections.abc import Iterable

from sqlalchemy import Connection, select

from mpex_server.storage import tables as t


def used(conn: Connection, incident_ids: Iterable[str]) -> set[str]:
    """Return which of the identifiers some document has or had."""
    wanted = set(incident_ids)
    return set(conn.scalars(select(t.document.c.id).where(t.document.c.id.in_(wanted)))) if wanted else set()
