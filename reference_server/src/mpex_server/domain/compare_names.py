"""Names compared word by word, in any order, each agreement weighted by how rare the word is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import product
from math import sqrt

from rapidfuzz.distance import JaroWinkler

from . import weights as w
from .features import Features, Word

Rarity = Callable[[str], float]
Words = tuple[Word, ...]


def compare_names(query: Features, candidate: Features, rarity: Rarity | None) -> Iterator[float]:
    """Yield what agrees and what does not in the best pair of name forms, and for the parents' names."""
    if query.names and candidate.names:
        pairs = product(query.names, candidate.names)
        yield from max((_forms(one, other, rarity) for one, other in pairs), key=sum)
    yield from _parents(query, candidate, rarity)


def _forms(query: Words, candidate: Words, rarity: Rarity | None) -> tuple[float, float]:
    pairs = sorted(
        ((_similar(one, other), i, j) for i, one in enumerate(query) for j, other in enumerate(candidate)),
        reverse=True,
    )
    total, used_query, used_candidate = 0.0, set[int](), set[int]()
    for similarity, i, j in pairs:
        if similarity < w.NAME_FLOOR:
            break
        if i not in used_query and j not in used_candidate:
            total += _weight(query[i], similarity, rarity)
            used_query.add(i)
            used_candidate.add(j)
    left = [word for i, word in enumerate(query) if i not in used_query]
    other_left = [word for j, word in enumerate(candidate) if j not in used_candidate]
    return total, _left_over(left, other_left)


def _left_over(query: list[Word], candidate: list[Word]) -> float:
    given = any(word.given for word in query) and any(word.given for word in candidate)
    different = min(len(query), len(candidate))
    missing = abs(len(query) - len(candidate))
    return (
        different * w.NAME_DIFFERENT
        + missing * w.NAME_MISSING
        + given * (w.GIVEN_DIFFERENT - w.NAME_DIFFERENT)
    )


def _parents(query: Features, candidate: Features, rarity: Rarity | None) -> Iterator[float]:
    """Compare parents' names with parents' names, and otherwise with the words of the own name.

    A patronymic that both own names share has been counted there.
    """
    if query.parents and candidate.parents:
        words, others = _apart(query), _apart(candidate)
    else:
        words = query.parents or candidate.parents
        others = _own(candidate if query.parents else query)
    if not words or not others:
        return
    best = [max((_similar(word, other), word.fold, word) for other in others) for word in words]
    agreed = [(similarity, word) for similarity, _, word in best if similarity >= w.NAME_FLOOR]
    if agreed:
        yield sum(w.PARENT_SHARE * _weight(word, similarity, rarity) for similarity, word in agreed)
    elif query.parents and candidate.parents:
        yield w.NAME_DIFFERENT


def _own(features: Features) -> Words:
    return tuple(word for form in features.names for word in form)


def _apart(features: Features) -> Words:
    own = {reading for word in _own(features) for reading in word.skeletons}
    return tuple(word for word in features.parents if own.isdisjoint(word.skeletons))


def _similar(one: Word, other: Word) -> float:
    """Return 0 to 1; spellings of one skeleton are near 1, since scripts differ most in their vowels."""
    if one.fold == other.fold:
        return 1.0
    spelled: float = JaroWinkler.similarity(one.fold, other.fold)
    if any(len(reading) > 1 and reading in other.skeletons for reading in one.skeletons):
        return max(0.95, spelled)
    left, right = one.skeletons[0], other.skeletons[0]
    if len(left) > 3 and len(right) > 3:
        return max(spelled, 0.95 * JaroWinkler.similarity(left, right))
    return spelled


def _weight(word: Word, similarity: float, rarity: Rarity | None) -> float:
    low, high = w.NAME_BITS_RANGE
    bits = w.NAME_BITS if rarity is None else min(high, max(low, rarity(word.skeletons[0])))
    # A weak resemblance is common by chance, so its worth falls faster than the similarity.
    return bits * sqrt((similarity - w.NAME_FLOOR) / (1 - w.NAME_FLOOR))
