"""Place of a record in the candidate index: kept in the transaction that stores the record."""

from collections import Counter
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
_GENERATION = 1 << 8
"""The mask divided by this is the generation of the secret under which the tokens are."""


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


def renew(work: Work, limit: int) -> int:
    """Put up to `limit` records of older generations under the newest secret; return how many, 0 at last."""
    newest = next(iter(work.keys.generations("index")))
    older = repository.below(work.conn, newest * _GENERATION, limit=limit)
    documents = work.documents.many(older, to_change=True)
    for document in documents:
        repository.take_out(work.conn, document.id)
    add(work, documents)
    return len(older)


def counts(work: Work) -> dict[int, int]:
    """Return how many records are in the index under each generation of its secret."""
    found = Counter[int]()
    for mask, number in repository.masks(work.conn):
        found[generation_of(mask)] += number
    return dict(sorted(found.items()))


def generation_of(mask: int) -> int:
    """Return the generation of the secret under which the tokens of an entry are."""
    return mask // _GENERATION


def entry(
    keys: KeyProvider,
    body: Mapping[str, Any],
    reader: NameReader | None = None,
    generation: int | None = None,
) -> tuple[set[int], bytes, int]:
    """Return tokens, feature blob and permit mask of a record, under the newest secret or a generation of it.

    What was taken up by another record has no tokens. Raises KeyError for a generation that is not there.
    """
    reader, generations = reader or NameReader(), keys.generations("index")
    number = next(iter(generations)) if generation is None else generation
    found = set() if "mergedInto" in body else index_keys(body, reader) | holding_keys(body)
    shared = any("directive" in contribution for contribution in body["contributions"])
    return (
        index_tokens(generations[number], found),
        pack(features(body, reader)),
        number * _GENERATION + (MAY_BE_SHARED if shared else 0),
    )


def query_tokens(keys: KeyProvider, query: Mapping[str, Any], reader: NameReader | None = None) -> set[int]:
    """Return the keyed tokens to look under for a query by example, of every generation."""
    wanted = query_keys(query, reader)
    return {token for secret in keys.generations("index").values() for token in index_tokens(secret, wanted)}
