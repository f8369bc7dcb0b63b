"""Rows beside the documents: which exist, what they refer to, and their place in the candidate index."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, get_args

from sqlalchemy import BigInteger, Connection, String, bindparam, delete, func, insert, select

from mpex_server.keys import KeyProvider
from mpex_server.kit import aead
from mpex_server.records.resource import Reference, Relation
from mpex_server.storage import tables as t
from mpex_server.storage.prepared import Prepared, among, each

_RELATIONS = get_args(Relation)
_DOCUMENT, _LINK, _TOKEN = t.document.c, t.document_link.c, t.index_token.c
_FEATURE, _KEY = t.index_feature.c, t.document_key.c
_EXISTING = Prepared(select(_DOCUMENT.id).where(among(_DOCUMENT.id, "wanted"), _DOCUMENT.erased_at.is_(None)))
_UNLINK = Prepared(
    delete(t.document_link).where(_LINK.from_id == bindparam("document_id"), among(_LINK.rel, "relations"))
)
_LINK_NEW = Prepared(insert(t.document_link), "from_id", "rel", "to_id")
_TOKENS = each("tokens", BigInteger).add_columns(bindparam("document_id", type_=String))
_POST = Prepared(insert(t.index_token).from_select(["token", "document_id"], _TOKENS))
_UNPOST = Prepared(delete(t.index_token).where(_TOKEN.document_id == bindparam("document_id")))
_ASKED = each("tokens", BigInteger).subquery()
_SOME = (
    select(_TOKEN.token)
    .where(_TOKEN.token == _ASKED.c.value)
    .limit(bindparam("most", type_=BigInteger))
    .correlate(_ASKED)
    .subquery()
)
_FREQUENCIES = Prepared(select(_ASKED.c.value, select(func.count()).select_from(_SOME).scalar_subquery()))
_POSTINGS = Prepared(
    select(_TOKEN.token, _TOKEN.document_id).where(among(_TOKEN.token, "tokens", BigInteger))
)
_KEYS_OF = Prepared(
    select(_KEY.document_id, _KEY.kek_id, _KEY.wrapped).where(among(_KEY.document_id, "wanted"))
)
_NO_FEATURE = Prepared(delete(t.index_feature).where(_FEATURE.document_id == bindparam("document_id")))
_NEW_FEATURE = Prepared(insert(t.index_feature), "document_id", "blob", "mask")
_NEW_CHECK = Prepared(insert(t.duplicate_check), "document_id", "at")
_FEATURES = Prepared(
    select(_FEATURE.document_id, _FEATURE.blob, _FEATURE.mask, _KEY.kek_id, _KEY.wrapped)
    .join(t.document_key, _KEY.document_id == _FEATURE.document_id)
    .where(among(_FEATURE.document_id, "wanted"))
)


def existing(conn: Connection, document_ids: Iterable[str]) -> set[str]:
    """Return which of the identifiers are documents of this node that are not erased."""
    wanted = list(set(document_ids))
    return {name for (name,) in _EXISTING.all(conn, wanted=wanted)} if wanted else set()


def relink(conn: Connection, document_id: str, references: Iterable[Reference]) -> None:
    """Make the links that leave a document those of its next version."""
    _UNLINK.change(conn, document_id=document_id, relations=list(_RELATIONS))
    link_new(conn, {document_id: references})


def link_new(conn: Connection, references: Mapping[str, Iterable[Reference]]) -> None:
    """Store the links that leave documents which have none of these relations yet."""
    links = {
        (document_id, ref.relation, ref.target) for document_id, refs in references.items() for ref in refs
    }
    if links:
        rows = [{"from_id": document_id, "rel": rel, "to_id": to} for document_id, rel, to in sorted(links)]
        _LINK_NEW.change_all(conn, rows)


def put_postings(conn: Connection, tokens: Mapping[str, Collection[int]]) -> None:
    """Store the keyed tokens of documents that have none."""
    rows = [{"document_id": name, "tokens": sorted(wanted)} for name, wanted in tokens.items() if wanted]
    if rows:
        _POST.change_all(conn, rows)


def take_out(conn: Connection, document_id: str) -> None:
    """Remove the tokens, the features and the permit mask of a document."""
    _UNPOST.change(conn, document_id=document_id)
    _NO_FEATURE.change(conn, document_id=document_id)


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


def frequencies(conn: Connection, tokens: Iterable[int], *, most: int) -> list[tuple[int, int]]:
    """Return how many records have each token that any has, `most` where more do: no more are counted."""
    found = _FREQUENCIES.all(conn, tokens=list(tokens), most=most)
    return [(token, count) for token, count in found if count]


def postings(conn: Connection, tokens: Iterable[int]) -> Iterable[tuple[int, str]]:
    """Return each token with each record that has it."""
    return ((token, name) for token, name in _POSTINGS.all(conn, tokens=list(tokens)))


def put_features(conn: Connection, keys: KeyProvider, features: Mapping[str, tuple[bytes, int]]) -> None:
    """Seal feature blobs of new entries under the keys of their documents; store them and permit masks."""
    known = {name: key for name, *key in _KEYS_OF.all(conn, wanted=list(features))}
    rows = [
        {"document_id": name, "blob": _sealed(keys, name, blob, known[name]), "mask": mask}
        for name, (blob, mask) in features.items()
    ]
    if rows:
        _NEW_FEATURE.change_all(conn, rows)


def masks(conn: Connection) -> Iterable[tuple[int, int]]:
    """Return each permit mask in the index and how many documents have it."""
    counted = select(_FEATURE.mask, func.count()).group_by(_FEATURE.mask)
    return ((mask, number) for mask, number in conn.execute(counted))


def below(conn: Connection, mask: int, *, limit: int) -> list[str]:
    """Return up to `limit` documents whose mask is less."""
    older = select(_FEATURE.document_id).where(_FEATURE.mask < mask).order_by(_FEATURE.document_id)
    return list(conn.scalars(older.limit(limit)))


def check_for_duplicates(conn: Connection, document_ids: Iterable[str], at: str) -> None:
    """Let a job look, later, whether there are records like these."""
    rows = [{"document_id": name, "at": at} for name in document_ids]
    if rows:
        _NEW_CHECK.change_all(conn, rows)


def features(
    conn: Connection, keys: KeyProvider, document_ids: Sequence[str]
) -> dict[str, tuple[bytes, int]]:
    """Return feature blob and permit mask of each document that is in the index."""
    rows = _FEATURES.all(conn, wanted=list(document_ids)) if document_ids else []
    return {
        name: (_opened(keys, name, blob, (kek_id, wrapped)), mask)
        for name, blob, mask, kek_id, wrapped in rows
    }


def _sealed(keys: KeyProvider, document_id: str, blob: bytes, key: Sequence[Any]) -> bytes:
    kek_id, wrapped = key
    return aead.seal(keys.unwrap(kek_id, wrapped, document_id.encode()), blob, _context(document_id))


def _opened(keys: KeyProvider, document_id: str, box: bytes, key: tuple[str, bytes]) -> bytes:
    return aead.unseal(keys.unwrap(*key, document_id.encode()), box, _context(document_id))


def _context(document_id: str) -> bytes:
    return f"{document_id}|features".encode()
