"""Place of a record in the candidate index: kept in the transaction that stores the record."""

from collections.abc import Iterable, Mapping
from typing import Any

from mpex_server.disclosures.work import Work
from mpex_server.domain.features import features
from mpex_server.domain.features_codec import pack
from mpex_server.domain.holding import holding_keys
from mpex_server.domain.index_keys import index_keys, index_tokens, query_keys
from mpex_server.domain.names import NameReader
from mpex_server.keys import KeyProvider
from mpex_server.records import repository
from mpex_server.storage.documents import Document

MAY_BE_SHARED = 1
"""Bit of the permit mask: some contribution has a directive, so a partner might be told of the record."""


def update(work: Work, document: Document) -> None:
    """Bring tokens, features and permit mask of a record up to its newest version."""
    repository.take_out(work.conn, document.id)
    add(work, [document])


def add(work: Work, documents: Iterable[Document]) -> None:
    """Index records that are not in the index."""
    reader = NameReader()
    entries = {document.id: entry(work.keys, document.body, reader) for document in documents}
    repository.put_postings(work.conn, {name: tokens for name, (tokens, _, _) in entries.items()})
    compact = {name: (blob, mask) for name, (_, blob, mask) in entries.items()}
    repository.put_features(work.conn, work.keys, compact)


def entry(
    keys: KeyProvider, body: Mapping[str, Any], reader: NameReader | None = None
) -> tuple[set[int], bytes, int]:
    """Return tokens, feature blob and permit mask of a record; what was taken up by another has no tokens."""
    reader = reader or NameReader()
    found = set() if "mergedInto" in body else index_keys(body, reader) | holding_keys(body)
    shared = any("directive" in contribution for contribution in body["contributions"])
    return (
        index_tokens(keys.secret("index"), found),
        pack(features(body, reader)),
        MAY_BE_SHARED if shared else 0,
    )


def query_tokens(keys: KeyProvider, query: Mapping[str, Any]) -> set[int]:
    """Return the keyed tokens to look under for a query by example."""
    return index_tokens(keys.secret("index"), query_keys(query))
