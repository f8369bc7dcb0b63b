"""The score of a candidate against a query: log weights summed over what both sides know, with the evidence.

Missing is not mismatch: what one side does not know weighs nothing. The same function serves interactive
search, standing search and linkage of registers. A score ranks; it never identifies.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import product
from math import log2
from typing import Literal

from . import weights as w
from .compare_names import compare_names
from .dates import Days
from .features import Features, Mark, Place
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


def score(query: Features, candidate: Features, rarity: Rarity | None = None) -> Scored:
    """Return the score of a candidate.

    `rarity` gives the weight in bits, log2(1 / frequency), of a skeleton; it should come from a published
    table, so that a query cannot be tuned against hidden records.
    """
    found = {
        "names": list(compare_names(query, candidate, rarity)),
        "birth": list(_birth(query.birth, candidate.birth)),
        "summary": [
            *_equal(query.sex, candidate.sex, w.SEX),
            *_equal(query.region, candidate.region, w.REGION),
        ],
        "identity": [
            *_overlap(query.nationalities, candidate.nationalities, w.NATIONALITY),
            *_overlap(query.languages, candidate.languages, w.LANGUAGE),
        ],
        "physical": [*_height(query.height, candidate.height), *_marks(query.marks, candidate.marks)],
        "clothingEffects": list(_effects(query.effects, candidate.effects)),
        "journey": [
            *_times(query, candidate),
            *_places(query, candidate),
            *_equal(query.route, candidate.route, w.ROUTE),
        ],
        "incident": list(_equal(query.incident, candidate.incident, w.INCIDENT)),
    }
    total = sum(map(sum, found.values()))
    evidence = {category: _agreement(values) for category, values in found.items()}
    return Scored(total, _band(total, evidence), evidence)


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


def _times(query: Features, candidate: Features) -> Iterator[float]:
    if query.last and candidate.last and not (query.found or candidate.found):
        yield _step(_gap(query.last, candidate.last), w.LAST_CONTACT, w.LAST_CONTACT_FAR)
    for missing, found in ((query.last, candidate.found), (candidate.last, query.found)):
        if missing and found:
            if found[1] < missing[0] - w.FOUND_TOLERANCE_DAYS:
                yield w.FOUND_BEFORE
            else:
                yield _step(max(0, found[0] - missing[1]), w.FOUND_AFTER, w.FOUND_MUCH_LATER)


def _places(query: Features, candidate: Features) -> Iterator[float]:
    """Yield the best agreement of two places at which somebody was last seen or found, else of any two."""
    pairs = list(product(query.places, candidate.places))
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
