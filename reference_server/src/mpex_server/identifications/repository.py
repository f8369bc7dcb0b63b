"""What identifications say of a record; read from links and states, without opening a document.

Only outcomes ask here. Searches and releases never do: what they answer must not change on the day of a
decision of which the family has not been told (CASE-002).
"""

from sqlalchemy import Connection, select

from mpex_server.storage import tables as t

EMBARGOED, REVOKED = "embargoed", "revoked"
DEATH = "deceased"


def is_embargoed(conn: Connection, record_id: str) -> bool:
    """Tell whether a death of which the family was not told was identified of this record, or proposed."""
    untold = any(status == EMBARGOED for _, _, status in _naming(conn, record_id))
    return untold or _is_proposed(conn, record_id)


def is_told_dead(conn: Connection, record_id: str) -> bool:
    """Tell whether a death that names this record was identified, and may be told."""
    return any(
        conclusion == DEATH and status not in {EMBARGOED, REVOKED}
        for _, conclusion, status in _naming(conn, record_id)
    )


def standing(conn: Connection, record_id: str) -> list[str]:
    """Return the identifications that name this record, stand and may be told; oldest first."""
    return [name for name, _, status in _naming(conn, record_id) if status not in {EMBARGOED, REVOKED}]


def _naming(conn: Connection, record_id: str) -> list[tuple[str, str, str]]:
    link, document = t.document_link, t.document
    found = (
        select(document.c.id, document.c.type, document.c.status)
        .join(link, (link.c.rel == "identifies") & (document.c.id == link.c.from_id))
        .where(link.c.to_id == record_id, document.c.kind == "identification")
        .order_by(document.c.created_at, document.c.id)
    )
    return [(row.id, row.type, row.status) for row in conn.execute(found)]


def _is_proposed(conn: Connection, record_id: str) -> bool:
    """Tell whether a partner proposes a death of this record, and nobody has answered."""
    link, document = t.document_link, t.document
    found = (
        select(document.c.id)
        .join(link, (link.c.rel == "proposes") & (document.c.id == link.c.from_id))
        .where(link.c.to_id == record_id, document.c.kind == "jointProposal", document.c.status == "proposed")
    )
    return conn.execute(found).first() is not None
