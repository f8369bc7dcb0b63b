"""What a search may tell a partner of one candidate: a hit by reference, a silent hit, or nothing."""

from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Any

from mpex_server.disclosures.decision import (
    DirectiveReader,
    decide_record,
    found_living,
    usable,
)
from mpex_server.disclosures.work import Work
from mpex_server.domain.consent import Decision
from mpex_server.domain.directives import Requester
from mpex_server.domain.features import features
from mpex_server.domain.features_codec import pack
from mpex_server.domain.redaction import summary
from mpex_server.domain.release_sets import RELEASE_SETS, returned_set
from mpex_server.domain.scoring import Comparison, Scored
from mpex_server.domain.weights import BANDS
from mpex_server.searches import references
from mpex_server.searches.candidates import Candidate
from mpex_server.storage.documents import Document

Json = dict[str, Any]
EXISTENCE = "existence"
# An age tells the time of birth where no date does.
_OF_BIRTH = frozenset({"birth", "summary"})
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


class Teller:
    """Tells one partner what it may know of the candidates of one search, scored on that (SRCH-010)."""

    def __init__(self, work: Work, requester: Requester, asked: Asked) -> None:
        self._work, self._requester, self._asked = work, requester, asked
        self._comparison = Comparison(features(asked.query))
        self._compared = frozenset(asked.query)
        if not _OF_BIRTH.isdisjoint(self._compared):
            self._compared |= _OF_BIRTH
        self._directives = DirectiveReader(work.documents)

    def told(self, candidate: Candidate) -> Told:
        """Decide what the partner is told of a candidate."""
        record = candidate.record
        if not usable(record):
            return Told()
        decision = self._decide(record)
        living = found_living(record)
        # Every hit says that the query fits; of a living person the partner hears nothing.
        scored = self._rescored(candidate, decision, whole=living)
        if scored.band == "none":
            return Told()
        if living:
            return Told(silent=record)
        returned = returned_set(self._asked.release_set, decision.categories)
        if returned is None:
            return Told()
        return Told(hit=_hit(self._work, self._asked, record, decision, returned, scored))

    def _decide(self, record: Document) -> Decision:
        return decide_record(
            self._work.documents,
            record,
            self._requester,
            purpose=self._asked.bearer.purpose,
            categories=RELEASE_SETS[self._asked.release_set] | self._asked.query.keys(),
            at=self._work.now(),
            directives=self._directives.of(record.body),
        )

    def _rescored(self, candidate: Candidate, decision: Decision, *, whole: bool) -> Scored:
        """Score a candidate on what the decision permits, as if nothing else were known of it.

        With `whole`, contributions of which anything is permitted count with all that they say.
        """
        entries = candidate.record.body["contributions"]
        said = [entry["sections"].keys() & self._compared for entry in entries]
        heard = [
            names & _heard(entry, decision, whole=whole) for entry, names in zip(entries, said, strict=True)
        ]
        if said == heard:
            return candidate.scored
        known = features({"contributions": list(map(_only, entries, heard))})
        return self._comparison.score(pack(known))


def _only(entry: Json, sections: AbstractSet[str]) -> Json:
    return {"sections": {name: entry["sections"][name] for name in sections}}


def _heard(entry: Json, decision: Decision, *, whole: bool) -> frozenset[str]:
    """Return the sections of a contribution that a partner's query may be compared with."""
    permitted = decision.permitted_categories(entry["contributionId"])
    return frozenset(entry["sections"]) if whole and permitted else permitted


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
