"""Published holdings by node, this one's among them, and the counts of records out of plain columns."""

from collections.abc import Collection
from typing import Any

import orjson
from sqlalchemy import Connection, exists, func, or_, select, update

from mpex_server.storage import tables as t
from mpex_server.storage.engine import insert_new

TYPES = ("soughtPerson", "remainsUnit")
_KINDS = ("person", "remains")
_ROW, _DOCUMENT = t.holding.c, t.document.c
Json = dict[str, Any]


def registered(conn: Connection, before: str) -> list[tuple[str, int, int]]:
    """Return type, year and number of what was registered before a day, without what was erased or merged."""
    year = func.substr(_DOCUMENT.created_at, 1, 4)
    merged = exists().where(t.document_link.c.from_id == _DOCUMENT.id, t.document_link.c.rel == "mergedInto")
    rows = conn.execute(
        select(_DOCUMENT.type, year, func.count())
        .where(_DOCUMENT.kind.in_(_KINDS), _DOCUMENT.type.in_(TYPES))
        .where(_DOCUMENT.created_at < before, _DOCUMENT.erased_at.is_(None), ~merged)
        .group_by(_DOCUMENT.type, year)
        .order_by(_DOCUMENT.type, year)
    )
    return [(type_, int(year), number) for type_, year, number in rows]


def next_due(conn: Connection, now: str) -> str | None:
    """Return a registered partner whose holdings are to be fetched."""
    partner = t.partner.c.node_id
    return conn.scalar(
        select(partner)
        .join(t.holding, _ROW.node_id == partner, isouter=True)
        .where(or_(_ROW.due_at.is_(None), _ROW.due_at <= now))
        .order_by(partner)
        .limit(1)
    )


def claim(conn: Connection, node_id: str, *, now: str, due: str) -> bool:
    """Take over what is due at a node and put the next time at `due`; False when somebody else has."""
    if insert_new(conn, t.holding, node_id=node_id, due_at=due):
        return True
    mine = update(t.holding).where(_ROW.node_id == node_id, _ROW.due_at <= now).values(due_at=due)
    return conn.execute(mine).rowcount == 1


def keep(conn: Connection, node_id: str, holdings: Json | None, *, due: str) -> None:
    """Keep what a node publishes now, None for nothing."""
    body = None if holdings is None else orjson.dumps(holdings).decode()
    conn.execute(update(t.holding).where(_ROW.node_id == node_id).values(body=body, due_at=due))


def of(conn: Connection, node_ids: Collection[str]) -> dict[str, Json]:
    """Return the holdings (holdings.json) of those nodes whose holdings are known."""
    known = select(_ROW.node_id, _ROW.body).where(_ROW.node_id.in_(node_ids), _ROW.body.is_not(None))
    return {row.node_id: orjson.loads(row.body) for row in conn.execute(known)}
