"""When the validity of received releases ends, so that what is past it is found without opening the rest."""

from sqlalchemy import Connection, delete, insert, select

from mpex_server.storage import tables as t

_ROW = t.document_end.c


def set_end(conn: Connection, received_id: str, at: str) -> None:
    """Store the instant at which a release ends."""
    conn.execute(insert(t.document_end).values(document_id=received_id, at=at))


def ended(conn: Connection, now: str, *, limit: int) -> list[str]:
    """Return up to `limit` releases that have ended and were not shredded yet, the oldest end first."""
    found = select(_ROW.document_id).where(_ROW.at <= now).order_by(_ROW.at).limit(limit)
    return list(conn.scalars(found))


def forget_end(conn: Connection, received_id: str) -> None:
    """Forget a release that was shredded."""
    conn.execute(delete(t.document_end).where(_ROW.document_id == received_id))
