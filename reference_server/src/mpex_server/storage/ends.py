"""When documents end that are kept for a time only: what is past it is found without opening the rest."""

from sqlalchemy import Connection, delete, insert, select

from mpex_server.storage import tables as t

_ROW = t.document_end.c


def set_end(conn: Connection, document_id: str, at: str) -> None:
    """Store the instant at which a document ends."""
    conn.execute(insert(t.document_end).values(document_id=document_id, at=at))


def ended(conn: Connection, kinds: tuple[str, ...], now: str, *, limit: int) -> list[str]:
    """Return up to `limit` documents of these kinds that have ended, the oldest end first."""
    found = (
        select(_ROW.document_id)
        .join(t.document, t.document.c.id == _ROW.document_id)
        .where(_ROW.at <= now, t.document.c.kind.in_(kinds))
        .order_by(_ROW.at)
        .limit(limit)
    )
    return list(conn.scalars(found))


def forget_end(conn: Connection, document_id: str) -> None:
    """Forget the end of a document that was shredded."""
    conn.execute(delete(t.document_end).where(_ROW.document_id == document_id))
