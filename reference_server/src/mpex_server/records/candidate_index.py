"""Place of a record in the candidate index: kept in the transaction that stores the record."""

from collections.abc import Mapping
from typing import Any

from mpex_server.disclosures.work import Work
from mpex_server.domain.features import features
from mpex_server.domain.features_codec import pack
from mpex_server.domain.holding import holding_keys
from mpex_server.domain.index_keys import index_keys, index_tokens, query_keys
from mpex_server.keys import KeyProvider
from mpex_server.records import repository
from mpex_server.storage.documents import Document

MAY_BE_SHARED = 1
"""Bit of the permit mask: some contribution has a directive, so a partner might be told of the record."""


def update(work: Work, document: Document) -> None:
    """Bring tokens, features and permit mask of a record up to its newest version."""
    tokens, blob, mask = entry(work.keys, document.body)
    if document.version > 1:
        repository.take_out(work.conn, document.id)
    repository.put_postings(work.conn, document.id, tokens)
    repository.put_features(work.conn, work.keys, document.id, blob, mask)


def entry(keys: KeyProvider, body: Mapping[str, Any]) -> tuple[set[int], bytes, int]:
    """Return tokens, feature blob and permit mask of a record; what was taken up by another has no tokens."""
    found = set() if "mergedInto" in body else index_keys(body) | holding_keys(body)
    shared = any("directive" in contribution for contribution in body["contributions"])
    return (
        index_tokens(keys.secret("index"), found),
        pack(features(body)),
        MAY_BE_SHARED if shared else 0,
    )


def query_tokens(keys: KeyProvider, query: Mapping[str, Any]) -> set[int]:
    """Return the keyed tokens to look under for a query by example."""
    return index_tokens(keys.secret("index"), query_keys(query))
