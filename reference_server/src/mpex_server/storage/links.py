"""Typed links between documents, and the identifiers that documents had in the system they came from."""

from collections.abc import Iterable, Mapping

from sqlalchemy import Connection, delete, insert, select

from mpex_server.keys import KeyProvider
from mpex_server.kit import aead
from mpex_server.storage import tables as t

Source = tuple[str, str]
"""A system that documents come from, and the identifier of a document there."""


def link(conn: Connection, from_id: str, rel: str, to_id: str) -> None:
    """Record a link; recording it again changes nothing."""
    known = (t.document_link.c.from_id == from_id) & (t.document_link.c.rel == rel)
    if (
        conn.execute(select(t.document_link).where(known & (t.document_link.c.to_id == to_id))).first()
        is None
    ):
        conn.execute(insert(t.document_link).values(from_id=from_id, rel=rel, to_id=to_id))


def unlink(conn: Connection, from_id: str, rel: str, to_id: str) -> None:
    """Remove a link."""
    table = t.document_link
    conn.execute(delete(table).where(table.c.from_id == from_id, table.c.rel == rel, table.c.to_id == to_id))


def linked_to(conn: Connection, to_id: str, rel: str) -> list[str]:
    """Return the identifiers of documents that point to `to_id`, ordered."""
    table = t.document_link
    found = (
        select(table.c.from_id).where(table.c.to_id == to_id, table.c.rel == rel).order_by(table.c.from_id)
    )
    return list(conn.scalars(found))


def pointing_to(conn: Connection, to_id: str) -> list[str]:
    """Return the identifiers of documents that point to `to_id` in any way, ordered."""
    table = t.document_link
    found = select(table.c.from_id).where(table.c.to_id == to_id).distinct().order_by(table.c.from_id)
    return list(conn.scalars(found))


def linked_from(conn: Connection, from_id: str, rel: str) -> list[str]:
    """Return the identifiers that a document points to, ordered."""
    table = t.document_link
    found = (
        select(table.c.to_id).where(table.c.from_id == from_id, table.c.rel == rel).order_by(table.c.to_id)
    )
    return list(conn.scalars(found))


def known_sources(conn: Connection, keys: KeyProvider, sources: Iterable[Source]) -> dict[Source, str]:
    """Return the document of every identity in another system that has one."""
    table, found = t.source_key, dict[Source, str]()
    digests = {(system, _digest(keys, system, name)): (system, name) for system, name in sources}
    for system in {system for system, _ in digests}:
        wanted = [digest for origin, digest in digests if origin == system]
        rows = conn.execute(
            select(table.c.source_id, table.c.document_id).where(
                table.c.system == system, table.c.source_id.in_(wanted)
            )
        )
        found |= {digests[system, row.source_id]: row.document_id for row in rows}
    return found


def bind_sources(conn: Connection, keys: KeyProvider, documents: Mapping[Source, str]) -> None:
    """Bind identities in other systems, which must be free, to documents.

    Only a keyed digest of an identity is stored: national numbers are personal data.
    """
    rows = [
        {"system": system, "source_id": _digest(keys, system, name), "document_id": document_id}
        for (system, name), document_id in documents.items()
    ]
    if rows:
        conn.execute(insert(t.source_key), rows)


def unbind_sources(conn: Connection, system: str, document_id: str) -> None:
    """Forget the identities that a document has in one system."""
    table = t.source_key
    conn.execute(delete(table).where(table.c.system == system, table.c.document_id == document_id))


def _digest(keys: KeyProvider, system: str, name: str) -> str:
    return aead.mac(keys.secret("identifiers"), "source", system, name).hex()
