"""The daily search budget of each partner: charged alike for hits, for none and for refusals (SRCH-008)."""

from datetime import UTC, datetime, time, timedelta

from sqlalchemy import Connection, func, insert, select

from mpex_server.errors import Problem
from mpex_server.kit.clock import instant
from mpex_server.kit.ids import new_id
from mpex_server.storage import tables as t

_ROW = t.search_log.c
_PARTNER = t.partner.c


def charge(conn: Connection, *, client_id: str, now: datetime, limit: int) -> None:
    """Record one search of a client; raises Problem `quotaExceeded` when its day (UTC) is used up."""
    # One search of a partner after the other: two at once would both count what neither has recorded yet.
    conn.execute(select(_PARTNER.node_id).where(_PARTNER.node_id == client_id).with_for_update())
    midnight = datetime.combine(now.astimezone(UTC).date(), time.min, UTC)
    used = conn.scalar(select(func.count()).where(_ROW.client_id == client_id, _ROW.at >= instant(midnight)))
    if (used or 0) >= limit:
        wait = midnight + timedelta(days=1) - now
        raise Problem("quotaExceeded", headers={"Retry-After": str(max(1, int(wait.total_seconds())))})
    conn.execute(insert(t.search_log).values(id=new_id("searchLog"), client_id=client_id, at=instant(now)))
