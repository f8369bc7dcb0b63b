"""The packed form of features: at most 256 bytes, kept encrypted under the key of its record.

Layout (big endian): version, kind, sex, flags, then counted lists; names last as text. What does not fit is
dropped from the least telling end: further name forms, then effects, then places.
"""

from __future__ import annotations

import struct
from dataclasses import replace
from typing import Final, NamedTuple

from .dates import Days
from .features import KINDS, Features, Mark, Place, Word

LIMIT: Final = 256
_VERSION: Final = 1
_SEXES: Final = ("", "female", "male", "other")
_HEAD: Final = struct.Struct(">BBBBHHH7B")
_SPAN: Final = struct.Struct(">IH")
_MARK: Final = struct.Struct(">BH")
_PLACE: Final = struct.Struct(">H2shhB")
_BIRTH, _LAST, _FOUND, _HEIGHT = 1, 2, 4, 8
"""Bits of the flags: which of these are known."""
_NOWHERE: Final = -32768


def pack(features: Features, limit: int | None = LIMIT) -> bytes:
    """Return at most 256 bytes; what is dropped to fit is told in the module's documentation."""
    while len(blob := _packed(features)) > (limit or len(blob)):
        features = _smaller(features)
    return blob


class Parts(NamedTuple):
    """The packed form cut at its seams; where two know the same, the bytes are the same."""

    kind: bytes
    sex: bytes
    region: bytes
    route: bytes
    incident: bytes
    height: bytes
    birth: bytes
    last: bytes
    found: bytes
    nationalities: bytes
    languages: bytes
    marks: bytes
    effects: bytes
    places: bytes
    names: bytes


def cut(blob: bytes) -> Parts:
    """Return the parts of what `pack` made; ValueError for another version or a damaged head."""
    try:
        version, _, _, flags, _, _, _, nations, tongues, marks, effects, places, _, _ = _HEAD.unpack_from(
            blob
        )
    except struct.error:
        raise ValueError("the features are damaged") from None
    if version != _VERSION:
        raise ValueError("the features are of another version")
    last = _HEAD.size + (_SPAN.size if flags & _BIRTH else 0)
    found = last + (_SPAN.size if flags & _LAST else 0)
    nation = found + (_SPAN.size if flags & _FOUND else 0)
    tongue = nation + 2 * nations
    mark = tongue + 3 * tongues
    effect = mark + _MARK.size * marks
    place = effect + 2 * effects
    name = place + _PLACE.size * places
    return Parts(
        blob[1:2],
        blob[2:3],
        blob[4:6],
        blob[6:8],
        blob[8:10],
        blob[15:17] if flags & _HEIGHT else b"",
        blob[_HEAD.size : last],
        blob[last:found],
        blob[found:nation],
        blob[nation:tongue],
        blob[tongue:mark],
        blob[mark:effect],
        blob[effect:place],
        blob[place:name],
        blob[name:],
    )


def unpack(blob: bytes) -> Features:
    """Return what `pack` made; ValueError for another version or a damaged blob."""
    parts = cut(blob)
    try:
        *forms, parents = (tuple(map(read_word, form)) for form in words_of(parts.names))
        return Features(
            kind=KINDS[parts.kind[0]],
            names=tuple(forms),
            parents=parents,
            birth=read_span(parts.birth),
            sex=read_sex(parts.sex),
            region=read_code(parts.region),
            nationalities=read_codes(parts.nationalities, 2),
            languages=read_codes(parts.languages, 3),
            height=read_height(parts.height),
            marks=read_marks(parts.marks),
            effects=read_effects(parts.effects),
            last=read_span(parts.last),
            found=read_span(parts.found),
            places=read_places(parts.places),
            route=read_code(parts.route),
            incident=read_code(parts.incident),
        )
    except (struct.error, IndexError, UnicodeDecodeError):
        raise ValueError("the features are damaged") from None


def read_span(part: bytes) -> Days | None:
    """Return first and last day; None when not known."""
    if not part:
        return None
    first, width = _SPAN.unpack(part)
    return first, first + width


def read_sex(part: bytes) -> str:
    """Return the sex; empty when not known."""
    return _SEXES[part[0]]


def read_code(part: bytes) -> int:
    """Return a hash; 0 when not known."""
    return int.from_bytes(part, "big")


def read_codes(part: bytes, length: int) -> tuple[str, ...]:
    """Return the codes, each padded to a length."""
    text = part.decode()
    return tuple(text[at : at + length].rstrip() for at in range(0, len(text), length))


def read_height(part: bytes) -> tuple[int, int] | None:
    """Return least and greatest height in centimetres; None when not known."""
    return (part[0], part[1]) if part else None


def read_marks(part: bytes) -> tuple[Mark, ...]:
    """Return the marks on the body."""
    return tuple(Mark(head >> 1, place, bool(head & 1)) for head, place in _MARK.iter_unpack(part))


def read_effects(part: bytes) -> tuple[int, ...]:
    """Return the hashes of what is telling of clothing and effects."""
    return struct.unpack(f">{len(part) // 2}H", part)


def read_places(part: bytes) -> tuple[Place, ...]:
    """Return the places, the telling ones first."""
    return tuple(_read_place(*row) for row in _PLACE.iter_unpack(part))


def words_of(names: bytes) -> list[list[str]]:
    """Return the words of each form of the name, and last those of the parents' names."""
    forms, _, parents = names.decode().partition("/")
    return [*(form.split() for form in forms.split("|") if form), parents.split()]


def read_word(text: str) -> Word:
    """Return a word of a name."""
    folded, _, skeletons = text[1:].partition(":")
    return Word(int(text[0]), folded, tuple(skeletons.split(",")))


def kind_of(blob: bytes) -> str:
    """Return the type of the record whose packed features these are."""
    return KINDS[blob[1]]


def _smaller(features: Features) -> Features:
    if len(features.names) > 1:
        return replace(features, names=features.names[:-1])
    if len(features.effects) > 4:
        return replace(features, effects=features.effects[:-1])
    if len(features.places) > 1:
        return replace(features, places=features.places[:-1])
    if len(features.parents) > 2:
        return replace(features, parents=features.parents[:-1])
    if len(features.parents) > 0 and len(features.names[0] if features.names else ()) <= 3:
        return replace(features, parents=features.parents[:-1])
    return replace(features, names=tuple(form[:-1] for form in features.names), marks=features.marks[:4])


def _packed(f: Features) -> bytes:
    spans = [span for span in (f.birth, f.last, f.found) if span]
    known = {_BIRTH: f.birth, _LAST: f.last, _FOUND: f.found, _HEIGHT: f.height}
    flags = sum(flag for flag, value in known.items() if value)
    counts = [len(f.nationalities), len(f.languages), len(f.marks), len(f.effects), len(f.places)]
    low, high = f.height or (0, 0)
    parts = [
        _HEAD.pack(
            _VERSION,
            KINDS.index(f.kind),
            _SEXES.index(f.sex),
            flags,
            f.region,
            f.route,
            f.incident,
            *counts,
            low,
            high,
        ),
        *(_SPAN.pack(first, min(65535, last - first)) for first, last in spans),
        "".join(f.nationalities).encode(),
        "".join(f"{language:3.3}" for language in f.languages).encode(),
        *(_MARK.pack(mark.kind << 1 | mark.observed, mark.place) for mark in f.marks),
        struct.pack(f">{len(f.effects)}H", *f.effects),
        *(_place(place) for place in f.places),
        "/".join(["|".join(map(_form, f.names)), _form(f.parents)]).encode(),
    ]
    return b"".join(parts)


def _place(place: Place) -> bytes:
    known = place.latitude is not None and place.longitude is not None
    latitude = round((place.latitude or 0) * 360) if known else _NOWHERE
    longitude = round((place.longitude or 0) * 180) if known else 0
    return _PLACE.pack(place.name, f"{place.country:2.2}".encode(), latitude, longitude, place.last)


def _form(words: tuple[Word, ...]) -> str:
    return " ".join(f"{word.given}{word.fold}:{','.join(word.skeletons)}" for word in words)


def _read_place(name: int, country: bytes, latitude: int, longitude: int, last: int) -> Place:
    if latitude == _NOWHERE:
        return Place(name, country.decode().strip(), None, None, bool(last))
    return Place(name, country.decode().strip(), latitude / 360, longitude / 180, bool(last))
