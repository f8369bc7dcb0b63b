"""What a search may tell a partner of one candidate: a hit by reference, a silent hit, or nothing."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from mpex_server.disclosures.decision import decide_record, found_living, usable
from mpex_server.disclosures.work import Work
from mpex_server.domain.consent import Decision
from mpex_server.domain.directives import Requester
from mpex_server.domain.redaction import summary
from mpex_server.domain.release_sets import RELEASE_SETS, returned_set
from mpex_server.domain.scoring import Scored
from mpex_server.domain.weights import BANDS
from mpex_server.searches import references
from mpex_server.searches.candidates import Candidate, rescored
from mpex_server.storage.documents import Document

Json = dict[str, Any]
EXISTENCE = "existence"
# Region, year and route may point at one person where they are rare; they come with a release only.
_COARSE = frozenset({"ageBand", "sex"})
_PLACES: dict[str | None, int] = {band: place for place, (band, _) in enumerate(BANDS)} | {None: len(BANDS)}


@dataclass(frozen=True, slots=True)
class Asked:
    """A search: who asks, in which case, for which purpose, for which set, on which terms."""

    search_id: str
    bearer: references.Bearer
    release_set: str
    query: Json
    terms: Json


@dataclass(frozen=True, slots=True)
class Told:
    """What a candidate comes to: `hit` for the answer, `silent` for the holder's staff only."""

    hit: Json | None = None
    silent: Document | None = None


def told(work: Work, requester: Requester, asked: Asked, candidate: Candidate) -> Told:
    """Decide what the partner is told of a candidate, scored on what it may know of it (SRCH-010)."""
    record = candidate.record
    if not usable(record):
        return Told()
    decision = decide_record(
        work.documents,
        record,
        requester,
        purpose=asked.bearer.purpose,
        categories=RELEASE_SETS[asked.release_set] | asked.query.keys(),
        at=work.now(),
    )
    living = found_living(record)
    # Every hit says that the query fits; of a living person the partner hears nothing.
    scored = rescored(candidate, asked.query, decision, whole=living)
    if scored.band == "none":
        return Told()
    if living:
        return Told(silent=record)
    returned = returned_set(asked.release_set, decision.categories)
    if returned is None:
        return Told()
    return Told(hit=_hit(work, asked, record, decision, returned, scored))


def _hit(
    work: Work, asked: Asked, record: Document, decision: Decision, returned: str, scored: Scored
) -> Json:
    stands_for = references.Hit(record.id, returned, asked.search_id)
    hit: Json = {
        "reference": references.seal(work.keys, asked.bearer, stands_for, work.now()),
        "returnedSet": returned,
    }
    if returned == EXISTENCE:
        return hit
    may_be_told = decision.categories & RELEASE_SETS[asked.release_set]
    hit |= {"band": scored.band, "evidence": evidence(scored, may_be_told)}
    view = {name: value for name, value in summary(record.body, decision).items() if name in _COARSE}
    return hit | ({"summary": view} if view else {})


def in_order(hits: Iterable[Json]) -> list[Json]:
    """Return the hits by band, those without one last; in a band the random reference decides (SRCH-011)."""
    return sorted(hits, key=lambda hit: (_PLACES[hit.get("band")], hit["reference"]))


def evidence(scored: Scored, categories: frozenset[str]) -> list[Json]:
    """Return the agreement in each category that may be told, without numbers."""
    return [
        {"category": category, "agreement": agreement}
        for category, agreement in sorted(scored.evidence.items())
        if category in categories
    ]
