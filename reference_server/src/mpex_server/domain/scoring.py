"""The score of a candidate against a query: log weights summed over what both sides know, with the evidence.

Missing is not mismatch: what one side does not know weighs nothing. The same function serves interactive
search, standing search and linkage of registers. A score ranks; it never identifies.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import product
from math import log2
from operator import attrgetter
from typing import Any, Final, Literal, NamedTuple

from . import weights as w
from .compare_names import NameComparison
from .dates import Days
from .features import Features, Mark, Place
from .features_codec import (
    Parts,
    cut,
    pack,
    read_code,
    read_codes,
    read_effects,
    read_height,
    read_marks,
    read_places,
    read_sex,
    read_span,
    words_of,
)
from .geography import kilometres

Band = w.Band
Agreement = Literal["agrees", "partly", "contradicts", "unknown"]
Rarity = Callable[[str], float]
Steps = tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class Scored:
    """A score in bits, its band, and per category how the facts compare."""

    score: float
    band: Band
    evidence: Mapping[str, Agreement]


class Comparison:
    """A query made ready for many candidates: what several of them have alike is compared once.

    `rarity` gives the weight in bits, log2(1 / frequency), of a skeleton; it should come from a published
    table, so that a query cannot be tuned against hidden records.
    """

    def __init__(self, query: Features, rarity: Rarity | None = None) -> None:
        self._names = NameComparison(query, rarity)
        asked = {category: [_Asked(fact, query) for fact in facts] for category, facts in _FACTS.items()}
        # What the query knows nothing of weighs nothing with any candidate.
        self._asked = {
            name: found for name, facts in asked.items() if (found := [f for f in facts if f.known])
        }

    def scores(self, candidates: Mapping[str, bytes]) -> dict[str, Scored]:
        """Return the score of each candidate, whose features are packed; ValueError for damaged ones."""
        parts = {name: cut(blob) for name, blob in candidates.items()}
        names = {name: words_of(found.names) for name, found in parts.items()}
        self._names.listen(names.values())
        return {name: self._scored(names[name], found) for name, found in parts.items()}

    def score(self, blob: bytes) -> Scored:
        """Return the score of one candidate."""
        return self.scores({"": blob})[""]

    def _scored(self, names: list[list[str]], candidate: Parts) -> Scored:
        weights = self._names.weights(names)
        total, evidence = sum(weights), {**_UNKNOWN, "names": _agreement(weights)}
        for category, facts in self._asked.items():
            weights = [weight for fact in facts for weight in fact.weights(candidate)]
            if weights:
                total += sum(weights)
                evidence[category] = _agreement(weights)
        return Scored(total, _band(total, evidence), evidence)


class _Fact(NamedTuple):
    """What weighs in a category: the members that say it, and how those of a query weigh with others."""

    members: tuple[str, ...]
    weigh: Callable[[Features, Parts], Iterable[float]]


class _Asked:
    """A fact of a query; candidates that say the same of it weigh the same."""

    __slots__ = ("_found", "_query", "_said", "_weigh", "known")

    def __init__(self, fact: _Fact, query: Features) -> None:
        self.known = any(getattr(query, member) for member in fact.members)
        self._query, self._weigh = query, fact.weigh
        self._said = attrgetter(*fact.members)
        self._found: dict[Any, tuple[float, ...]] = {}

    def weights(self, candidate: Parts) -> tuple[float, ...]:
        said = self._said(candidate)
        found = self._found.get(said)
        if found is None:
            found = self._found[said] = tuple(self._weigh(self._query, candidate))
        return found


def score(query: Features, candidate: Features, rarity: Rarity | None = None) -> Scored:
    """Return the score of one candidate, all of whose features count."""
    return Comparison(query, rarity).score(pack(candidate, None))


def fits_closely(scored: Scored) -> bool:
    """Tell whether a query seems to mean this very record: a strong match, or one with nothing against it."""
    known = {agreement for agreement in scored.evidence.values() if agreement != "unknown"}
    return scored.band == "strong" or (scored.band == "moderate" and known == {"agrees"})


def _agreement(values: list[float]) -> Agreement:
    if not values:
        return "unknown"
    total = sum(values)
    if total <= -w.AGREES:
        return "contradicts"
    if total < w.AGREES or min(values) <= -2 * w.AGREES:
        return "partly"
    return "agrees"


def _band(total: float, evidence: Mapping[str, Agreement]) -> Band:
    """Return the band; `strong` needs two categories that agree, and each contradiction costs a step."""
    states = list(evidence.values())
    reached = next((step for step, (_, least) in enumerate(w.BANDS) if total >= least), len(w.BANDS))
    step = max(reached, int(states.count("agrees") < 2)) + states.count("contradicts")
    return w.BANDS[step][0] if step < len(w.BANDS) else "none"


def _equal(one: str | int, other: str | int, weight: tuple[float, float]) -> Iterator[float]:
    if one and other:
        yield weight[0] if one == other else weight[1]


def _overlap(one: tuple[str, ...], other: tuple[str, ...], weight: tuple[float, float]) -> Iterator[float]:
    if one and other:
        yield weight[1] if set(one).isdisjoint(other) else weight[0]


def _step(distance: float, steps: Steps, beyond: float) -> float:
    return next((weight for limit, weight in steps if distance <= limit), beyond)


def _gap(one: Days, other: Days) -> int:
    """Return the days between two intervals, 0 where they overlap."""
    return max(0, other[0] - one[1], one[0] - other[1])


def _birth(one: Days | None, other: Days | None) -> Iterator[float]:
    if one is None or other is None:
        return
    gap = _gap(one, other)
    if gap == 0:
        width = max(one[1] - one[0], other[1] - other[0]) + 1
        yield max(0.5, w.BIRTH_SHARE * log2(w.BIRTH_RANGE_DAYS / min(width, w.BIRTH_RANGE_DAYS)))
    elif _is_slip(one, other):
        yield w.BIRTH_SWAPPED
    else:
        yield _step(gap, w.BIRTH_GAPS, w.BIRTH_FAR)


def _is_slip(one: Days, other: Days) -> bool:
    """Tell whether two exact dates differ by an exchange of day and month or by one year."""
    if one[0] != one[1] or other[0] != other[1]:
        return False
    a, b = date.fromordinal(one[0]), date.fromordinal(other[0])
    swapped = a.year == b.year and (a.month, a.day) == (b.day, b.month)
    return swapped or (abs(a.year - b.year) == 1 and (a.month, a.day) == (b.month, b.day))


def _height(one: Days | None, other: Days | None) -> Iterator[float]:
    if one and other:
        yield _step(_gap(one, other), w.HEIGHT, w.HEIGHT_FAR)


def _marks(query: tuple[Mark, ...], candidate: tuple[Mark, ...]) -> Iterator[float]:
    """Yield the best agreement of each mark of the query; one that only one side tells of weighs nothing."""
    for mark in query:
        same = [other for other in candidate if other.kind == mark.kind]
        here = [other for other in same if other.place == mark.place or not (other.place and mark.place)]
        if any(mark.observed and other.observed and other.place == mark.place != 0 for other in here):
            yield w.MARK_SAME
        elif any(mark.observed != other.observed for other in here):
            yield w.MARK_ABSENT
        elif mark.observed and any(other.observed for other in same):
            yield w.MARK_KIND


def _effects(query: tuple[int, ...], candidate: tuple[int, ...]) -> Iterator[float]:
    if query and candidate:
        yield min(w.EFFECTS_MOST, w.EFFECT_SAME * len(set(query) & set(candidate)))


def _times(query: Features, candidate: Parts) -> Iterator[float]:
    last, found_then = read_span(candidate.last), read_span(candidate.found)
    if query.last and last and not (query.found or found_then):
        yield _step(_gap(query.last, last), w.LAST_CONTACT, w.LAST_CONTACT_FAR)
    for missing, found in ((query.last, found_then), (last, query.found)):
        if missing and found:
            if found[1] < missing[0] - w.FOUND_TOLERANCE_DAYS:
                yield w.FOUND_BEFORE
            else:
                yield _step(max(0, found[0] - missing[1]), w.FOUND_AFTER, w.FOUND_MUCH_LATER)


def _places(query: tuple[Place, ...], candidate: tuple[Place, ...]) -> Iterator[float]:
    """Yield the best agreement of two places at which somebody was last seen or found, else of any two."""
    pairs = list(product(query, candidate))
    pairs = [pair for pair in pairs if pair[0].last and pair[1].last] or pairs
    found = [weight for one, other in pairs for weight in _place(one, other)]
    if found:
        yield max(found)


def _place(one: Place, other: Place) -> Iterator[float]:
    if one.name and one.name == other.name:
        yield w.PLACE_NAME
    if one.latitude is None or one.longitude is None or other.latitude is None or other.longitude is None:
        yield from _equal(one.country, other.country, w.PLACE_COUNTRY)
        return
    distance = kilometres(one.latitude, one.longitude, other.latitude, other.longitude)
    yield _step(distance, w.PLACE_DISTANCE, w.PLACE_FAR)


_FACTS: Final[dict[str, tuple[_Fact, ...]]] = {
    "birth": (_Fact(("birth",), lambda q, c: _birth(q.birth, read_span(c.birth))),),
    "summary": (
        _Fact(("sex",), lambda q, c: _equal(q.sex, read_sex(c.sex), w.SEX)),
        _Fact(("region",), lambda q, c: _equal(q.region, read_code(c.region), w.REGION)),
    ),
    "identity": (
        _Fact(
            ("nationalities",),
            lambda q, c: _overlap(q.nationalities, read_codes(c.nationalities, 2), w.NATIONALITY),
        ),
        _Fact(("languages",), lambda q, c: _overlap(q.languages, read_codes(c.languages, 3), w.LANGUAGE)),
    ),
    "physical": (
        _Fact(("height",), lambda q, c: _height(q.height, read_height(c.height))),
        _Fact(("marks",), lambda q, c: _marks(q.marks, read_marks(c.marks))),
    ),
    "clothingEffects": (_Fact(("effects",), lambda q, c: _effects(q.effects, read_effects(c.effects))),),
    "journey": (
        _Fact(("last", "found"), _times),
        _Fact(("places",), lambda q, c: _places(q.places, read_places(c.places))),
        _Fact(("route",), lambda q, c: _equal(q.route, read_code(c.route), w.ROUTE)),
    ),
    "incident": (_Fact(("incident",), lambda q, c: _equal(q.incident, read_code(c.incident), w.INCIDENT)),),
}
"""Category -> what weighs in it beside names."""
_UNKNOWN: Final[dict[str, Agreement]] = dict.fromkeys(("names", *_FACTS), "unknown")
