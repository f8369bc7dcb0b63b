"""Which surges are in force; what they rest on is an encrypted document."""

from typing import Any

from sqlalchemy import Connection, func, insert, or_, select

from mpex_server.storage import tables as t

_ROW = t.search_surge.c


def add(conn: Connection, surge_id: str, *, partner: str | None, per_day: int, until: str) -> None:
    """Store a surge that is in force from now on."""
    row = {"document_id": surge_id, "partner": partner, "per_day": per_day, "until": until}
    conn.execute(insert(t.search_surge).values(row))


def budget(conn: Connection, partner: str, *, usual: int, now: str) -> int:
    """Return how many searches a partner may send in this day: the usual number, or the largest surge."""
    for_it = or_(_ROW.partner.is_(None), _ROW.partner == partner)
    most = conn.scalar(select(func.max(_ROW.per_day)).where(for_it, _ROW.until > now))
    return max(usual, most or 0)


def in_force(conn: Connection, now: str, *, limit: int) -> list[dict[str, Any]]:
    """Return what is published of each surge in force (node-metadata.json), the next to end first."""
    rows = conn.execute(
        select(t.search_surge).where(_ROW.until > now).order_by(_ROW.until, _ROW.document_id).limit(limit)
    )
    return [
        {"surgeId": row.document_id, "searchesPerDay": row.per_day, "until": row.until}
        | ({"partner": row.partner} if row.partner else {})
        for row in rows
    ]
