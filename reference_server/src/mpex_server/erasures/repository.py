"""Which records wait for their erasure; read from links and states, without opening a document."""

from typing import Final

from sqlalchemy import Connection, select

from mpex_server.storage import tables as t

KIND = "erasure"
ERASES: Final = "erases"
WAITING, REFUSED, REVOKED, ERASED = "waiting", "refused", "revoked", "erased"


def is_waiting(conn: Connection, document_id: str) -> bool:
    """Tell whether the erasure of a record, or of what an enquirer contributed, waits."""
    link, document = t.document_link, t.document
    found = (
        select(document.c.id)
        .join(link, (link.c.rel == ERASES) & (document.c.id == link.c.from_id))
        .where(link.c.to_id == document_id, document.c.kind == KIND, document.c.status == WAITING)
    )
    return conn.execute(found.limit(1)).first() is not None
