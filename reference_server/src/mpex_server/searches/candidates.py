"""Candidates of a query: by keyed tokens of the index, then scored on encrypted features (design S4)."""

from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from math import log2
from typing import Any

from sqlalchemy import Connection, func, select

from mpex_server.disclosures.work import Work
from mpex_server.domain.consent import Decision
from mpex_server.domain.features import features
from mpex_server.domain.features_codec import unpack
from mpex_server.domain.scoring import Scored, score
from mpex_server.records import candidate_index, repository
from mpex_server.storage import tables as t
from mpex_server.storage.documents import Document

Json = dict[str, Any]
_OPENED = 500
_POSTINGS = 20_000
_ROW = t.index_token.c


@dataclass(frozen=True, slots=True)
class Candidate:
    """A record that a query may mean."""

    record: Document
    scored: Scored


def ranked(
    work: Work,
    query: Json,
    among: Collection[str] | None,
    *,
    limit: int,
    mask: int = 0,
    fitting: bool = True,
) -> list[Candidate]:
    """Return up to `limit` records that fit the query, best first, out of those with every bit of `mask`.

    Unless `fitting`, those come behind that share something with the query and do not fit it.
    """
    sought = features(query)
    names = _nearest(work.conn, candidate_index.query_tokens(work.keys, query))
    opened = repository.features(work.conn, work.keys, names)
    known = {name: unpack(blob) for name, (blob, bits) in opened.items() if bits & mask == mask}
    scores = {
        name: score(sought, found) for name, found in known.items() if among is None or found.kind in among
    }
    best = sorted(
        (name for name, scored in scores.items() if not fitting or scored.band != "none"),
        key=lambda name: (-scores[name].score, name),
    )[:limit]
    records = {record.id: record for record in work.documents.many(best)}
    return [Candidate(records[name], scores[name]) for name in best]


def rescored(candidate: Candidate, query: Json, decision: Decision, *, whole: bool) -> Scored:
    """Score a candidate on what the decision permits, as if nothing else were known of it.

    With `whole`, contributions of which anything is permitted count with all that they say.
    """
    body = candidate.record.body
    heard = [comparable(entry, decision, whole=whole) for entry in body["contributions"]]
    return score(features(query), features(body | {"contributions": heard}))


def comparable(entry: Json, decision: Decision, *, whole: bool) -> Json:
    """Return the sections of a contribution that a partner's query may be compared with (SRCH-010)."""
    permitted = decision.permitted_categories(entry["contributionId"])
    heard = frozenset(entry["sections"]) if whole and permitted else permitted
    return {"sections": {name: section for name, section in entry["sections"].items() if name in heard}}


def _nearest(conn: Connection, tokens: Collection[int]) -> list[str]:
    """Return the records that share the rarest tokens; a token that fits too many is left out."""
    weights: Counter[str] = Counter()
    rarity = dict(_rarest(conn, tokens))
    postings = select(_ROW.token, _ROW.document_id).where(_ROW.token.in_(rarity))
    for token, name in conn.execute(postings):
        weights[name] += round(rarity[token] * 1000)
    return [name for name, _ in sorted(weights.items(), key=lambda item: (-item[1], item[0]))[:_OPENED]]


def _rarest(conn: Connection, tokens: Collection[int]) -> Iterator[tuple[int, float]]:
    counts = select(_ROW.token, func.count()).where(_ROW.token.in_(tokens)).group_by(_ROW.token)
    rows = sorted(((count, token) for token, count in conn.execute(counts)), key=lambda row: row[0])
    left = _POSTINGS
    for count, token in rows:
        left -= count
        if left < 0:
            return
        yield token, 1 + log2(_POSTINGS / count)
