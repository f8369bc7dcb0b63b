"""Names folded for comparison across scripts: tokens without particles, and their consonant skeletons.

Original script stays in the record; what is made here serves candidates and scores only. No romanisation
fits every language, so a token carries the skeletons of its other plausible readings beside its own.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from anyascii import anyascii

from .name_tables import (
    ARABIC,
    ARTICLES,
    FILIATION,
    HONORIFICS,
    JOIN_NEXT,
    JOIN_PREVIOUS,
    OTHER_READINGS,
    OTHER_SPELLINGS,
    SAME_NAME,
)

_MAX_TOKENS = 8
_ARABIC_LETTER = re.compile("[\u0600-\u06ff\u0750-\u077f]")
_ARABIC_MARKS = re.compile("[\u064b-\u065f\u0670\u06d6-\u06ed]")
_HEH_AFTER_CONSONANT = re.compile("(?<=[\u0633\u0632\u062a\u062f\u0643\u06a9\u063a\u06af\u0635\u0637])\u0647")
_CYRILLIC_LETTER = re.compile("[\u0400-\u04ff]")
_APOSTROPHES = re.compile("['`\u2018\u2019\u02bc\u02bb\u02be\u02bf]")
_BETWEEN_WORDS = re.compile(r"[\s\-\u2010-\u2015.,;/_]+")
_DROPPED = ARTICLES | FILIATION | HONORIFICS
_SERVANT = re.compile("abd[aeiou]*l?(?=[a-z]{3})")
_SOUNDS: Final = {
    "sch": "s",
    "tch": "s",
    "sh": "s",
    "ch": "s",
    "kh": "h",
    "gh": "k",
    "th": "t",
    "dh": "d",
    "ph": "f",
    "bh": "b",
    "zh": "s",
    "dj": "s",
    "ts": "s",
    "tz": "s",
    "ck": "k",
    "c": "k",
    "q": "k",
    "g": "k",
    "p": "b",
    "v": "f",
    "z": "s",
    "j": "s",
    "x": "ks",
}
_SOUND = re.compile("|".join(_SOUNDS))
_VOWELS = re.compile("[aeiouwy]+")
_RUN = re.compile(r"(.)\1+")
_NO_LETTERS = re.compile("[^a-z]+")
_FIRST_W = re.compile("^(?:ou|u)(?=[aei])")
_FIRST_Y = re.compile("^i(?=[aeou])")
_HALF_OF_A_SOUND = re.compile("c(?=[hk])")


@dataclass(frozen=True, slots=True)
class NameToken:
    """One word of a name: its ASCII fold, its skeleton, and the skeletons of its other readings."""

    fold: str
    skeleton: str
    others: frozenset[str] = frozenset()


def fold(text: str) -> str:
    """Return the text in lower-case ASCII letters and single spaces, whatever its script."""
    text = _ARABIC_MARKS.sub("", unicodedata.normalize("NFKC", text))
    # An unwritten vowel stands between them; without it they would read as one sound ("sh", "zh", "th").
    text = _HEH_AFTER_CONSONANT.sub("\u0627\u0647", text).translate(ARABIC)
    text = _APOSTROPHES.sub("", anyascii(text)).lower()
    return " ".join(_NO_LETTERS.sub(" ", text).split())


def skeleton(word: str) -> str:
    """Return the consonants of a folded word by the sounds that scripts agree on, a first vowel as `a`."""
    word = _FIRST_W.sub("w", _FIRST_Y.sub("y", word))
    sounds = _SOUND.sub(lambda match: _SOUNDS[match[0]], _RUN.sub(r"\1", word))
    first = "a" if sounds[:1] in {"a", "e", "i", "o", "u"} else sounds[:1]
    rest = _VOWELS.sub("", sounds[1:])
    return _RUN.sub(r"\1", first + rest.removesuffix("h"))


class NameReader:
    """Reads texts, each once; made for one record or one batch, since it keeps what it has read."""

    def __init__(self) -> None:
        self._folds: dict[str, str] = {}
        self._words: dict[tuple[str, str | None], NameToken] = {}
        self._names: dict[str, tuple[NameToken, ...]] = {}

    def fold(self, text: str) -> str:
        """Return what `fold` does."""
        if text not in self._folds:
            self._folds[text] = fold(text)
        return self._folds[text]

    def tokens(self, text: str) -> tuple[NameToken, ...]:
        """Return the words of a name, joined and freed of particles; at most eight, in the order written."""
        if text not in self._names:
            raw = {self.fold(word).replace(" ", ""): word for word in _BETWEEN_WORDS.split(text) if word}
            words = list(_joined(list(raw)))[:_MAX_TOKENS]
            self._names[text] = tuple(self._word(word, raw.get(word)) for word in words)
        return self._names[text]

    def _word(self, word: str, raw: str | None) -> NameToken:
        if (word, raw) not in self._words:
            self._words[word, raw] = NameToken(word, skeleton(word), _others(word, raw))
        return self._words[word, raw]


def tokens(text: str) -> tuple[NameToken, ...]:
    """Return the words of one name, as `NameReader.tokens` does."""
    return NameReader().tokens(text)


def _joined(words: list[str]) -> Iterator[str]:
    """Yield words with their joins made (abd + al + X, X + al + din) and particles left out."""
    kept: list[str] = []
    prefix = ""
    for word in (word for word in words if word):
        bare = word
        if prefix:
            if word in ARTICLES:
                continue
            kept.append(prefix + _without_article(bare))
            prefix = ""
        elif word in JOIN_NEXT:
            prefix = word
        elif _without_article(word) in JOIN_PREVIOUS and kept:
            kept[-1] += _without_article(word)
        elif word not in _DROPPED:
            kept.append(bare)
    kept += [prefix] if prefix else []
    yield from (_SERVANT.sub("abd", word) for word in kept or words if word)


def _without_article(word: str) -> str:
    """Return a word without an article written onto it, as Arabic script does."""
    return word[2:] if word.startswith(("al", "el")) and len(word) > 4 else word


def _others(word: str, raw: str | None) -> frozenset[str]:
    own = skeleton(word)
    readings = {word[2:]} if word.startswith(("al", "el")) and len(word) > 5 else set()
    readings |= set(_spellings(word)) if raw is None or raw.isascii() else set(_letters(raw))
    found = {skeleton(_SERVANT.sub("abd", reading)) for reading in readings if reading}
    found |= {_SAME[form] for form in (word, own, *found) if form in _SAME}
    return frozenset(found - {own, ""})


def _letters(raw: str) -> Iterator[str]:
    script = "Arab" if _ARABIC_LETTER.search(raw) else "Cyrl" if _CYRILLIC_LETTER.search(raw) else ""
    lowered = raw.lower()
    for letter, reading in OTHER_READINGS.get(script, ()):
        if letter in lowered:
            yield fold(lowered.replace(letter, reading)).replace(" ", "")


def _spellings(word: str) -> Iterator[str]:
    plain = _HALF_OF_A_SOUND.sub("\0", word)
    for spelling, reading in OTHER_SPELLINGS:
        if spelling in plain:
            yield plain.replace(spelling, reading).replace("\0", "c")


def _same(groups: Iterable[list[str]]) -> dict[str, str]:
    """Return form -> the group's own mark; capitals, so that it is nobody's skeleton."""
    marks = {name: group[0].upper() for group in groups for name in group}
    # Two consonants are too few to tell one name from another.
    return marks | {form: mark for name, mark in marks.items() if len(form := skeleton(name)) > 2}


_SAME: Final = _same(SAME_NAME)
