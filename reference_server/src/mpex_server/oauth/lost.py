"""Who may keep nothing of what it was given: partners without access, and those whose recall is due."""

from collections.abc import Iterable

import orjson
from sqlalchemy import Connection, and_, or_, select

from mpex_server.oauth.clients import ACTIVE, can_have_access
from mpex_server.oauth.vetoes import KEPT_OUT
from mpex_server.storage import tables as t


def to_recall(conn: Connection, *, since: str, now: str) -> list[str]:
    """Return the partners whose hold on what they have ended: for want of trust, or of a word `since`.

    They are held fast until the transaction ends, without those that another process calls back now.
    """
    row = t.partner.c
    silent = and_(row.status == ACTIVE, row.valid_until <= since)
    lost = select(row.node_id).where(or_(row.recall_at <= now, silent)).order_by(row.node_id)
    return list(conn.scalars(lost.with_for_update(skip_locked=True)))


def distrusted(conn: Connection, node_ids: Iterable[str], *, now: str) -> list[str]:
    """Return which partners may keep nothing, as RECL-018 says; those known are held fast as in `find`."""
    row = t.partner.c
    known = select(row.node_id, row.status, row.entry, row.recall_at).where(row.node_id.in_(set(node_ids)))
    rows = conn.execute(known.order_by(row.node_id).with_for_update(read=True))
    return [node for node, *known in rows if _has_lost(*known, now=now)]


def _has_lost(status: str, entry: str, recall_at: str | None, *, now: str) -> bool:
    if recall_at is not None and status != KEPT_OUT:
        return recall_at <= now
    return status != ACTIVE or not can_have_access(orjson.loads(entry))
