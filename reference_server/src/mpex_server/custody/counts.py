"""How much a node still holds and has to do, counted without opening anything."""

from collections.abc import Iterable

from sqlalchemy import ColumnElement, Connection, Table, func, select

from mpex_server.storage import tables as t

_DOCUMENT = t.document.c


def held(conn: Connection) -> dict[str, int]:
    """Return how many documents of each kind are kept."""
    kept = select(_DOCUMENT.kind, func.count()).where(_DOCUMENT.erased_at.is_(None)).group_by(_DOCUMENT.kind)
    return {str(kind): int(count) for kind, count in conn.execute(kept.order_by(_DOCUMENT.kind))}


def in_states(conn: Connection, kind: str, states: Iterable[str], *, of_partners: bool = False) -> int:
    """Return how many documents of a kind are in one of some states; those of partners only, if wanted."""
    where = (_DOCUMENT.kind == kind) & _DOCUMENT.status.in_(sorted(states)) & _DOCUMENT.erased_at.is_(None)
    return _count(conn, t.document, where & _DOCUMENT.owner.is_not(None) if of_partners else where)


def open_tasks(conn: Connection) -> int:
    """Return how much waits for a person, now or later."""
    return _count(conn, t.task, t.task.c.state == "open")


def undelivered_events(conn: Connection) -> int:
    """Return how many events wait for a partner to take them."""
    return _count(conn, t.outbox, t.outbox.c.acked_at.is_(None))


def _count(conn: Connection, table: Table, where: ColumnElement[bool]) -> int:
    return int(conn.execute(select(func.count()).select_from(table).where(where)).scalar_one())
