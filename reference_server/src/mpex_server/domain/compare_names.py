"""Names compared word by word, in any order, each agreement weighted by how rare the word is.

A query is compared with many candidates at once: what costs is the likeness of two words, and the words of
all candidates are handed to the library together.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from math import sqrt
from typing import NamedTuple

from rapidfuzz.distance import JaroWinkler
from rapidfuzz.process import extract

from . import weights as w
from .features import Features, Word
from .features_codec import read_word

Rarity = Callable[[str], float]
_Groups = dict[str, list[Word]]
_NEARLY = w.NAME_FLOOR - 0.01
_OF_SKELETONS = 0.95
"""Spellings of one skeleton are near 1, since scripts differ most in their vowels."""


class _Heard(NamedTuple):
    """A word of a candidate: whether it is a given name, its skeletons, the words of the query like it."""

    given: int
    skeletons: tuple[str, ...]
    like: dict[int, float]


class NameComparison:
    """The names of a query, made ready for many candidates."""

    def __init__(self, query: Features, rarity: Rarity | None) -> None:
        self._words = list(dict.fromkeys(word for form in (*query.names, query.parents) for word in form))
        numbers = {word: number for number, word in enumerate(self._words)}
        self._forms = [[numbers[word] for word in form] for form in query.names]
        self._parents = [numbers[word] for word in query.parents]
        self._worth = [_bits(word.skeletons, rarity) for word in self._words]
        self._rarity = rarity
        self._heard: dict[str, _Heard] = {}

    def listen(self, names: Iterable[list[list[str]]]) -> None:
        """Compare every word of candidates' names with the query's, before their names are weighed."""
        texts = {text for name in names for form in name for text in form} - self._heard.keys()
        words = {text: read_word(text) for text in texts}
        like = self._likeness(words.values())
        for text, word in words.items():
            self._heard[text] = _Heard(word.given, word.skeletons, like[word])

    def weights(self, name: list[list[str]]) -> list[float]:
        """Return what agrees and what does not in the best pair of forms, and for the parents' names."""
        *forms, parents = [[self._heard[text] for text in form] for form in name]
        pairs = [self._form(one, other) for one in self._forms for other in forms]
        return [*max(pairs, key=sum, default=()), *self._of_parents(forms, parents)]

    def _likeness(self, words: Iterable[Word]) -> dict[Word, dict[int, float]]:
        """Return for each word how like it is, from the floor to 1, to words of the query by their number."""
        by_fold, by_skeleton, by_reading = _grouped(words)
        like = {word: dict[int, float]() for group in by_fold.values() for word in group}

        def note(number: int, group: Iterable[Word], likeness: float) -> None:
            for word in group:
                if likeness >= w.NAME_FLOOR:
                    like[word][number] = max(likeness, like[word].get(number, 0.0))

        for number, one in enumerate(self._words):
            for fold, likeness in _near(one.fold, by_fold):
                note(number, by_fold[fold], likeness)
            for reading in one.skeletons:
                note(number, by_reading.get(reading, ()), _OF_SKELETONS)
            if len(one.skeletons[0]) > 3:
                for skeleton, likeness in _near(one.skeletons[0], by_skeleton):
                    note(number, by_skeleton[skeleton], _OF_SKELETONS * likeness)
        return like

    def _form(self, query: list[int], candidate: list[_Heard]) -> tuple[float, float]:
        pairs = [
            (word.like[number], i, j)
            for j, word in enumerate(candidate)
            if word.like
            for i, number in enumerate(query)
            if number in word.like
        ]
        total, used, others_used = 0.0, set[int](), set[int]()
        for likeness, i, j in sorted(pairs, reverse=True):
            if i not in used and j not in others_used:
                total += _weight(self._worth[query[i]], likeness)
                used.add(i)
                others_used.add(j)
        left = [self._words[number].given for i, number in enumerate(query) if i not in used]
        others_left = [word.given for j, word in enumerate(candidate) if j not in others_used]
        return total, _left_over(left, others_left)

    def _of_parents(self, forms: list[list[_Heard]], parents: list[_Heard]) -> Iterator[float]:
        """Compare parents' names with parents' names, and otherwise with the words of the own name.

        A patronymic that both own names share has been counted there.
        """
        both = bool(self._parents and parents)
        if both:
            found = self._nearest(self._parents_apart(), _apart(parents, forms))
        elif self._parents:
            found = self._nearest(self._parents, [word for form in forms for word in form])
        else:
            own = {number for form in self._forms for number in form}
            found = [(_bits(word.skeletons, self._rarity), _best(word, own)) for word in parents if own]
        agreed = [_weight(bits, likeness) for bits, likeness in found if likeness >= w.NAME_FLOOR]
        if agreed:
            yield w.PARENT_SHARE * sum(agreed)
        elif both and found:
            yield w.NAME_DIFFERENT

    def _nearest(self, numbers: list[int], words: list[_Heard]) -> list[tuple[float, float]]:
        """Return for each word of the query its worth, and how like it the nearest of the words is."""
        return [
            (self._worth[number], max(word.like.get(number, 0.0) for word in words))
            for number in numbers
            if words
        ]

    def _parents_apart(self) -> list[int]:
        own = {reading for form in self._forms for n in form for reading in self._words[n].skeletons}
        return [number for number in self._parents if own.isdisjoint(self._words[number].skeletons)]


def _grouped(words: Iterable[Word]) -> tuple[_Groups, _Groups, _Groups]:
    """Return the words by fold, by first skeleton where that tells names apart, by each skeleton."""
    by_fold, by_skeleton, by_reading = (defaultdict[str, list[Word]](list) for _ in range(3))
    for word in words:
        by_fold[word.fold].append(word)
        if len(word.skeletons[0]) > 3:
            by_skeleton[word.skeletons[0]].append(word)
        for reading in word.skeletons:
            if len(reading) > 1:
                by_reading[reading].append(word)
    return by_fold, by_skeleton, by_reading


def _near(text: str, among: Iterable[str]) -> Iterator[tuple[str, float]]:
    # The library rounds at its own threshold, which is therefore a little lower.
    found = extract(text, list(among), scorer=JaroWinkler.similarity, score_cutoff=_NEARLY, limit=None)
    return ((other, likeness) for other, likeness, _ in found)


def _bits(skeletons: tuple[str, ...], rarity: Rarity | None) -> float:
    low, high = w.NAME_BITS_RANGE
    return w.NAME_BITS if rarity is None else min(high, max(low, rarity(skeletons[0])))


def _weight(bits: float, likeness: float) -> float:
    # A weak resemblance is common by chance, so its worth falls faster than the likeness.
    return bits * sqrt((likeness - w.NAME_FLOOR) / (1 - w.NAME_FLOOR))


def _best(word: _Heard, numbers: Iterable[int]) -> float:
    return max(word.like.get(number, 0.0) for number in numbers)


def _left_over(query: list[int], candidate: list[int]) -> float:
    """Weigh the words, each with whether it is a given name, that nothing on the other side is like."""
    different = min(len(query), len(candidate))
    missing = abs(len(query) - len(candidate))
    given = any(query) and any(candidate)
    return (
        different * w.NAME_DIFFERENT
        + missing * w.NAME_MISSING
        + given * (w.GIVEN_DIFFERENT - w.NAME_DIFFERENT)
    )


def _apart(parents: list[_Heard], forms: list[list[_Heard]]) -> list[_Heard]:
    own = {reading for form in forms for word in form for reading in word.skeletons}
    return [word for word in parents if own.isdisjoint(word.skeletons)]
