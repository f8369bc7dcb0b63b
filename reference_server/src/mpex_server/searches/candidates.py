"""Candidates of a query: by keyed tokens of the index, then scored on encrypted features (design S4)."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from math import log2
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection

from mpex_server.disclosures.work import Work
from mpex_server.domain.features import features
from mpex_server.domain.features_codec import kind_of
from mpex_server.domain.names import NameReader
from mpex_server.domain.scoring import Comparison, Scored
from mpex_server.records import candidate_index, repository
from mpex_server.storage.documents import Document

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Reach:
    """How far a search goes: which keys are too common, how many postings it reads, and what it opens."""

    common: int
    postings: int
    opened: int


WIDE = Reach(common=5_000, postings=10_000, opened=500)
"""For what somebody has heard: the one that is meant may share common keys only."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A record that a query may mean."""

    record: Document
    scored: Scored


def scored(
    work: Work, query: Json, among: Collection[str] | None = None, *, mask: int = 0, reach: Reach = WIDE
) -> dict[str, Scored]:
    """Return the score of every record that shares a rare key with the query and has every bit of `mask`."""
    reader = NameReader()
    names = _nearest(work.conn, candidate_index.query_tokens(work.keys, query, reader), reach)
    opened = repository.features(work.conn, work.keys, names)
    return Comparison(features(query, reader)).scores(
        {
            name: blob
            for name, (blob, bits) in opened.items()
            if bits & mask == mask and (among is None or kind_of(blob) in among)
        }
    )


def best(work: Work, scores: Mapping[str, Scored], *, limit: int) -> list[Candidate]:
    """Return up to `limit` of the records by their score, best first."""
    names = sorted(scores, key=lambda name: (-scores[name].score, name))[:limit]
    records = {record.id: record for record in work.documents.many(names)}
    return [Candidate(records[name], scores[name]) for name in names]


def _nearest(conn: Connection, tokens: Collection[int], reach: Reach) -> list[str]:
    """Return the records that share the rarest tokens; a token that fits too many is left out."""
    most = log2(WIDE.postings)
    rarity = {token: round(1000 * (1 + most - log2(count))) for token, count in _rarest(conn, tokens, reach)}
    weights = defaultdict[str, int](int)
    for token, name in repository.postings(conn, rarity):
        weights[name] += rarity[token]
    return [name for name, _ in sorted(weights.items(), key=lambda item: (-item[1], item[0]))[: reach.opened]]


def _rarest(conn: Connection, tokens: Collection[int], reach: Reach) -> Iterator[tuple[int, int]]:
    """Yield the rarest tokens that any record has, each with how many have it, while few enough have them."""
    left = reach.postings
    for token, count in sorted(repository.frequencies(conn, tokens, most=reach.common), key=itemgetter(1)):
        left -= count
        if count >= reach.common or left < 0:
            return
        yield token, count
