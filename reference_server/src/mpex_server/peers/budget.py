"""What each partner may spend in a day (UTC): searches, in a case too, release requests, questions to staff.

SRCH-008, SRCH-037, REL-021 and MSG-010.

One row counts one kind of one partner's day, and one statement takes from it: of requests at the same time,
each finds what the others have taken.
"""

from datetime import UTC, datetime, time, timedelta
from typing import Literal

from sqlalchemy import Connection, delete
from sqlalchemy.dialects import postgresql, sqlite

from mpex_server.errors import Problem
from mpex_server.storage import tables as t
from mpex_server.storage.engine import is_sqlite
from mpex_server.storage.hosting import TENANT

Kind = Literal["search", "caseSearch", "ask", "releaseRequest"]
_ROW = t.spent.c


def charge(
    conn: Connection, *, partner: str, kind: Kind, now: datetime, limit: int, case_token: str = ""
) -> None:
    """Take one from a partner's day, or of a case in it; raises Problem `quotaExceeded` when it is used up.

    The charge stands when the transaction does: what is refused for another reason costs nothing.
    """
    today = now.astimezone(UTC).date()
    day = {"partner": partner, "kind": kind, "case_token": case_token, "day": today.isoformat()}
    used = _take(conn, limit=limit, **day)
    if used is None:
        wait = datetime.combine(today + timedelta(days=1), time.min, UTC) - now
        raise Problem("quotaExceeded", headers={"Retry-After": str(max(1, int(wait.total_seconds())))})
    if used == 1:
        past = (_ROW.partner == partner) & (_ROW.day < today.isoformat())
        conn.execute(delete(t.spent).where(past))


def _take(conn: Connection, *, limit: int, **day: str) -> int | None:
    if limit < 1:
        return None
    dialect, key = (sqlite, [*day]) if is_sqlite(conn) else (postgresql, [TENANT, *day])
    first = dialect.insert(t.spent).values(**day, used=1)
    next_one = first.on_conflict_do_update(
        index_elements=key, set_={"used": _ROW.used + 1}, where=_ROW.used < limit
    )
    used: int | None = conn.scalar(next_one.returning(_ROW.used))
    return used
