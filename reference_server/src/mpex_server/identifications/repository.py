"""Which records an untold death binds; read from links and states, without opening a document."""

from sqlalchemy import ColumnElement, Connection, Select, select

from mpex_server.storage import tables as t

EMBARGOED = "embargoed"
_STATUS = t.document.c.status


def embargoed_records(conn: Connection) -> set[str]:
    """Return the persons and remains units that an embargoed identification names."""
    return set(conn.scalars(_named(_STATUS == EMBARGOED)))


def is_embargoed(conn: Connection, record_id: str) -> bool:
    """Tell whether an embargoed identification names this record."""
    return _names(conn, record_id, _STATUS == EMBARGOED)


def is_identified_dead(conn: Connection, record_id: str) -> bool:
    """Tell whether an identification of a death that was not revoked names this record."""
    return _names(conn, record_id, (_STATUS != "revoked") & (t.document.c.type == "deceased"))


def _names(conn: Connection, record_id: str, which: ColumnElement[bool]) -> bool:
    return conn.scalar(_named(which).where(t.document_link.c.to_id == record_id).limit(1)) is not None


def _named(which: ColumnElement[bool]) -> Select[tuple[str]]:
    link, document = t.document_link, t.document
    pair = (link.c.rel == "identifies") & (document.c.id == link.c.from_id)
    return select(link.c.to_id).join(document, pair).where(document.c.kind == "identification", which)
