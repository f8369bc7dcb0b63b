"""The packed form of features: at most 256 bytes, kept encrypted under the key of its record.

Layout (big endian): version, kind, sex, flags, then counted lists; names last as text. What does not fit is
dropped from the least telling end: further name forms, then effects, then places.
"""

from __future__ import annotations

import struct
from dataclasses import replace
from typing import Final

from .dates import Days
from .features import KINDS, Features, Mark, Place, Word

LIMIT: Final = 256
_VERSION: Final = 1
_SEXES: Final = ("", "female", "male", "other")
_HEAD: Final = struct.Struct(">BBBBHHH7B")
_PLACE: Final = struct.Struct(">H2shhB")
_NOWHERE: Final = -32768


def pack(features: Features) -> bytes:
    """Return at most 256 bytes; what is dropped to fit is told in the module's documentation."""
    while len(blob := _packed(features)) > LIMIT:
        features = _smaller(features)
    return blob


def unpack(blob: bytes) -> Features:
    """Return what `pack` made; ValueError for another version or a damaged blob."""
    try:
        return _unpacked(blob)
    except (struct.error, IndexError, UnicodeDecodeError):
        raise ValueError("the features are damaged") from None


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
    flags = sum(1 << bit for bit, span in enumerate((f.birth, f.last, f.found, f.height)) if span)
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
        *(struct.pack(">I", first) + struct.pack(">H", min(65535, last - first)) for first, last in spans),
        "".join(f.nationalities).encode(),
        "".join(f"{language:3.3}" for language in f.languages).encode(),
        *(struct.pack(">BH", mark.kind << 1 | mark.observed, mark.place) for mark in f.marks),
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


def _unpacked(blob: bytes) -> Features:
    version, kind, sex, flags, region, route, incident, *counts, low, high = _HEAD.unpack_from(blob)
    if version != _VERSION:
        raise ValueError("the features are of another version")
    nations, languages, marks, effects, places = counts
    spans, at = [], _HEAD.size
    for bit in range(3):
        spans.append(_span(blob, at) if flags >> bit & 1 else None)
        at += 6 * (flags >> bit & 1)
    text = blob[at : at + 2 * nations + 3 * languages].decode()
    at += len(text)
    mark_rows = struct.iter_unpack(">BH", blob[at : at + 3 * marks])
    at += 3 * marks
    items = struct.unpack_from(f">{effects}H", blob, at)
    at += 2 * effects
    rows = _PLACE.iter_unpack(blob[at : at + _PLACE.size * places])
    names, _, parents = blob[at + _PLACE.size * places :].decode().partition("/")
    return Features(
        kind=KINDS[kind],
        names=tuple(_words(form) for form in names.split("|") if form),
        parents=_words(parents),
        birth=spans[0],
        sex=_SEXES[sex],
        region=region,
        nationalities=tuple(text[i : i + 2] for i in range(0, 2 * nations, 2)),
        languages=tuple(text[i : i + 3].rstrip() for i in range(2 * nations, len(text), 3)),
        height=(low, high) if flags & 8 else None,
        marks=tuple(Mark(head >> 1, place, bool(head & 1)) for head, place in mark_rows),
        effects=items,
        last=spans[1],
        found=spans[2],
        places=tuple(_read_place(row) for row in rows),
        route=route,
        incident=incident,
    )


def _span(blob: bytes, at: int) -> Days:
    first, width = struct.unpack_from(">IH", blob, at)
    return first, first + width


def _read_place(row: tuple[int, bytes, int, int, int]) -> Place:
    name, country, latitude, longitude, last = row
    if latitude == _NOWHERE:
        return Place(name, country.decode().strip(), None, None, bool(last))
    return Place(name, country.decode().strip(), latitude / 360, longitude / 180, bool(last))


def _words(text: str) -> tuple[Word, ...]:
    words = []
    for item in text.split():
        folded, _, skeletons = item[1:].partition(":")
        words.append(Word(int(item[0]), folded, tuple(skeletons.split(","))))
    return tuple(words)
