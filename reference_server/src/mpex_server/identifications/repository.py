"""Which records an untold death binds; read from links and states, without opening a document."""

from sqlalchemy import Connection, Select, select

from mpex_server.storage import tables as t

EMBARGOED = "embargoed"


def embargoed_records(conn: Connection) -> set[str]:
    """Return the persons and remains units that an embargoed identification names."""
    return set(conn.scalars(_bound()))


def is_embargoed(conn: Connection, record_id: str) -> bool:
    """Tell whether an embargoed identification names this record."""
    return conn.scalar(_bound().where(t.document_link.c.to_id == record_id).limit(1)) is not None


def _bound() -> Select[tuple[str]]:
    link, document = t.document_link, t.document
    untold = (document.c.kind == "identification") & (document.c.status == EMBARGOED)
    named = (link.c.rel == "identifies") & (document.c.id == link.c.from_id)
    return select(link.c.to_id).join(document, named).where(untold)
