"""Rows beside the documents: which exist, what they refer to, and their place in the candidate index."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import get_args

from sqlalchemy import Connection, delete, func, insert, select

from mpex_server.keys import KeyProvider
from mpex_server.kit import aead
from mpex_server.records.resource import Reference, Relation
from mpex_server.storage import tables as t

_RELATIONS = get_args(Relation)


def existing(conn: Connection, document_ids: Iterable[str]) -> set[str]:
    """Return which of the identifiers are documents of this node that are not erased."""
    wanted = set(document_ids)
    found = select(t.document.c.id).where(t.document.c.id.in_(wanted), t.document.c.erased_at.is_(None))
    return set(conn.scalars(found)) if wanted else set()


def relink(conn: Connection, document_id: str, references: Iterable[Reference]) -> None:
    """Make the links that leave a document those of its newest version."""
    table = t.document_link
    conn.execute(delete(table).where(table.c.from_id == document_id, table.c.rel.in_(_RELATIONS)))
    link_new(conn, {document_id: references})


def link_new(conn: Connection, references: Mapping[str, Iterable[Reference]]) -> None:
    """Store the links that leave documents which have none of these relations yet."""
    links = {
        (document_id, ref.relation, ref.target) for document_id, refs in references.items() for ref in refs
    }
    if links:
        rows = [{"from_id": document_id, "rel": rel, "to_id": to} for document_id, rel, to in sorted(links)]
        conn.execute(insert(t.document_link), rows)


def put_postings(conn: Connection, document_id: str, tokens: Iterable[int]) -> None:
    """Make the keyed tokens of a document those given."""
    table = t.index_token
    conn.execute(delete(table).where(table.c.document_id == document_id))
    rows = [{"token": token, "document_id": document_id} for token in sorted(set(tokens))]
    if rows:
        conn.execute(insert(table), rows)


def posted(conn: Connection, tokens: Collection[int], kind: str, *, limit: int) -> list[str]:
    """Return up to `limit` documents of a kind that stand under each of the tokens, by identifier."""
    table, document = t.index_token, t.document
    found = (
        select(table.c.document_id)
        .join(document, document.c.id == table.c.document_id)
        .where(table.c.token.in_(tokens), document.c.kind == kind)
        .group_by(table.c.document_id)
        .having(func.count() == len(tokens))
        .order_by(table.c.document_id)
        .limit(limit)
    )
    return list(conn.scalars(found))


def put_features(conn: Connection, keys: KeyProvider, document_id: str, blob: bytes, mask: int) -> None:
    """Seal the feature blob of a document under the document's own key and store it with its permit mask."""
    key = t.document_key
    row = conn.execute(select(key.c.kek_id, key.c.wrapped).where(key.c.document_id == document_id)).one()
    box = aead.seal(keys.unwrap(row.kek_id, row.wrapped, document_id.encode()), blob, _context(document_id))
    table = t.index_feature
    conn.execute(delete(table).where(table.c.document_id == document_id))
    conn.execute(insert(table), {"document_id": document_id, "blob": box, "mask": mask})


def check_for_duplicates(conn: Connection, document_id: str, at: str) -> None:
    """Let a job look, later, whether there are records like this one."""
    conn.execute(insert(t.duplicate_check).values(document_id=document_id, at=at))


def features(
    conn: Connection, keys: KeyProvider, document_ids: Sequence[str]
) -> dict[str, tuple[bytes, int]]:
    """Return feature blob and permit mask of each document that is in the index."""
    key, table = t.document_key, t.index_feature
    rows = conn.execute(
        select(table.c.document_id, table.c.blob, table.c.mask, key.c.kek_id, key.c.wrapped)
        .join(key, key.c.document_id == table.c.document_id)
        .where(table.c.document_id.in_(document_ids))
    )
    return {
        name: (_opened(keys, name, blob, (kek_id, wrapped)), mask)
        for name, blob, mask, kek_id, wrapped in rows
    }


def _opened(keys: KeyProvider, document_id: str, box: bytes, key: tuple[str, bytes]) -> bytes:
    return aead.unseal(keys.unwrap(*key, document_id.encode()), box, _context(document_id))


def _context(document_id: str) -> bytes:
    return f"{document_id}|features".encode()
