"""Typed links between documents, and the identifiers that documents had in the system they came from."""

from sqlalchemy import Connection, delete, insert, select

from mpex_server.keys import KeyProvider
from mpex_server.kit import aead
from mpex_server.storage import tables as t


def link(conn: Connection, from_id: str, rel: str, to_id: str) -> None:
    """Record a link; recording it again changes nothing."""
    known = (t.document_link.c.from_id == from_id) & (t.document_link.c.rel == rel)
    if (
        conn.execute(select(t.document_link).where(known & (t.document_link.c.to_id == to_id))).first()
        is None
    ):
        conn.execute(insert(t.document_link).values(from_id=from_id, rel=rel, to_id=to_id))


def unlink_all(conn: Connection, from_id: str, rel: str) -> None:
    """Remove every link of one kind that leaves a document."""
    table = t.document_link
    conn.execute(delete(table).where(table.c.from_id == from_id, table.c.rel == rel))


def linked_to(conn: Connection, to_id: str, rel: str) -> list[str]:
    """Return the identifiers of documents that point to `to_id`, ordered."""
    table = t.document_link
    found = (
        select(table.c.from_id).where(table.c.to_id == to_id, table.c.rel == rel).order_by(table.c.from_id)
    )
    return list(conn.scalars(found))


def linked_from(conn: Connection, from_id: str, rel: str) -> list[str]:
    """Return the identifiers that a document points to, ordered."""
    table = t.document_link
    found = (
        select(table.c.to_id).where(table.c.from_id == from_id, table.c.rel == rel).order_by(table.c.to_id)
    )
    return list(conn.scalars(found))


def bind_source(
    conn: Connection, keys: KeyProvider, *, system: str, source_id: str, document_id: str
) -> str | None:
    """Bind an identifier of another system to a document; return the document that already has it, if any.

    Only a keyed digest of the identifier is stored: national numbers are personal data.
    """
    digest = aead.mac(keys.secret("index"), "source", system, source_id).hex()
    table = t.source_key
    known = conn.scalar(
        select(table.c.document_id).where(table.c.system == system, table.c.source_id == digest)
    )
    if known is None:
        conn.execute(insert(table).values(system=system, source_id=digest, document_id=document_id))
    return known
