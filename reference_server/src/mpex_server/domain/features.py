"""What matching keeps of a record: a compact value, from its contributions or a query by example."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, NamedTuple, TypeVar

from mpex_spec import codelist

from .dates import Days, born_of, days_of, joined
from .names import NameReader, NameToken

T = TypeVar("T")
Json = Mapping[str, Any]
KINDS: Final = ("query", "soughtPerson", "foundAlive", "unidentifiedLiving", "remainsUnit")
MARK_KINDS: Final = tuple(codelist("markKinds"))
"""Features hold the place of a kind in this list; a codelist is only ever added to at its end."""
_SKIPPED_PARTS: Final = frozenset({"honorific", "particle"})


class Word(NamedTuple):
    """A word of a name: 1 when it is known to be a given name, else 0; its fold; one to three skeletons."""

    given: int
    fold: str
    skeletons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Mark:
    """A mark: index of its kind, hash of its place on the body (0 unknown), seen or seen to be absent."""

    kind: int
    place: int
    observed: bool


@dataclass(frozen=True, slots=True)
class Place:
    """A place: hash of its name (0 unknown), country (may be empty), degrees, and whether it is the last."""

    name: int
    country: str
    latitude: float | None
    longitude: float | None
    last: bool


@dataclass(frozen=True, slots=True)
class Features:
    """Everything that a score reads. Empty means unknown; `birth`, `last`, `found` are intervals of days."""

    kind: str = "query"
    names: tuple[tuple[Word, ...], ...] = ()
    parents: tuple[Word, ...] = ()
    birth: Days | None = None
    sex: str = ""
    region: int = 0
    nationalities: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    height: tuple[int, int] | None = None
    marks: tuple[Mark, ...] = ()
    effects: tuple[int, ...] = ()
    last: Days | None = None
    found: Days | None = None
    places: tuple[Place, ...] = ()
    route: int = 0
    incident: int = 0


def features(record: Json, reader: NameReader | None = None) -> Features:
    """Return the features of a record, or of a query by example (sections without contributions)."""
    every, reader = sections(record), reader or NameReader()
    physical, journey = list(_all(every, "physical")), list(_all(every, "journey"))
    points = [point for entry in journey for point in entry.get("points", ())]
    contacts = [entry["lastContact"] for entry in journey if "lastContact" in entry]
    names = list(_all(every, "names"))
    identity = list(_all(every, "identity"))
    parents = [entry[member] for entry in names for member in ("fatherName", "motherName") if member in entry]
    return Features(
        kind=record["type"] if record.get("type") in KINDS else "query",
        names=_unique(_words(name, reader) for entry in names for name in entry.get("names", ())),
        parents=tuple(dict.fromkeys(word for name in parents for word in _words(name, reader)))[:6],
        birth=_birth(every),
        sex=_first(entry.get("sex", "") for entry in _all(every, "summary") if entry.get("sex") != "unknown"),
        region=code(_first(entry.get("regionOfOrigin", "") for entry in _all(every, "summary"))),
        nationalities=_unique(n.get("country", "") for e in identity for n in e.get("nationalities", ()))[:4],
        languages=_unique(tag.split("-")[0] for e in identity for tag in e.get("languages", ()))[:4],
        height=_height(physical),
        marks=_unique(_mark(mark, reader) for entry in physical for mark in entry.get("marks", ()))[:8],
        effects=_unique(
            key
            for entry in _all(every, "clothingEffects")
            for item in entry.get("items", ())
            for key in map(code, effect_keys(item, reader))
        )[:12],
        last=_latest(
            [c.get("date") for c in contacts] + [p.get("date") for p in points if p["type"] != "found"]
        ),
        found=_latest([p.get("date") for p in points if p["type"] == "found"]),
        places=_unique(_places(contacts, points, reader))[:4],
        route=code(_first(entry.get("route", "") for entry in journey)),
        incident=code(_first(entry.get("incident", "") for entry in _all(every, "incident"))),
    )


def sections(record: Json) -> list[Json]:
    """Return the sections of every contribution; a query by example is its own."""
    if "contributions" in record:
        return [entry["sections"] for entry in record["contributions"]]
    return [record]


def effect_keys(item: Json, reader: NameReader) -> Iterator[str]:
    """Yield what is telling of an item: category with each colour, with its brand, and its inscription."""
    category = item["category"]
    yield from (f"{category}|{reader.fold(colour)}" for colour in item.get("colours", ()))
    for member in ("brand", "inscription"):
        if text := reader.fold(item.get(member, "")):
            yield f"{category}|{member}|{text}"
    if text := reader.fold(item.get("description", "")):
        yield from (f"{category}|word|{word}" for word in text.split()[:6] if len(word) > 3)


def mark_place(mark: Json, reader: NameReader) -> str:
    """Return where a mark is, folded; empty when unknown."""
    side = mark.get("side", "unknown")
    return " ".join(
        sorted({*reader.fold(mark.get("bodyLocation", "")).split(), *([side] if side != "unknown" else [])})
    )


def code(text: str) -> int:
    """Return a 16-bit hash of a text, 0 for no text. It hides nothing: features are kept encrypted."""
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=2).digest(), "big") or 1 if text else 0


def position(place: Json) -> tuple[float, float] | None:
    """Return latitude and longitude in degrees; None when not given or not on the Earth."""
    if "coordinates" not in place:
        return None
    latitude, longitude = (float(place["coordinates"][axis]) for axis in ("latitude", "longitude"))
    return (latitude, longitude) if abs(latitude) <= 90 and abs(longitude) <= 180 else None


def name_tokens(name: Json, reader: NameReader) -> Iterator[tuple[bool, NameToken]]:
    """Yield the words of a name of the wire, each with whether it is known to be a given name."""
    parts = [part for part in name.get("parts", ()) if part["kind"] not in _SKIPPED_PARTS]
    given = {
        token.skeleton for part in parts if part["kind"] == "given" for token in reader.tokens(part["value"])
    }
    yield from ((token.skeleton in given, token) for token in reader.tokens(name["text"]))


def _words(name: Json, reader: NameReader) -> tuple[Word, ...]:
    return tuple(
        Word(int(given), token.fold[:14], _unique(s[:8] for s in (token.skeleton, *sorted(token.others)))[:3])
        for given, token in name_tokens(name, reader)
    )


def _birth(every: Iterable[Json]) -> Days | None:
    dates = [days_of(entry["birth"].get("date")) for entry in every if "birth" in entry]
    ages = [born_of(entry["summary"].get("age")) for entry in every if "summary" in entry]
    return joined(*dates) or joined(*ages)


def _height(physical: Iterable[Json]) -> tuple[int, int] | None:
    ranges = [entry["heightCm"] for entry in physical if "heightCm" in entry]
    if not ranges:
        return None
    return min(255, round(min(r["min"] for r in ranges))), min(255, round(max(r["max"] for r in ranges)))


def _mark(mark: Json, reader: NameReader) -> Mark:
    return Mark(MARK_KINDS.index(mark["kind"]), code(mark_place(mark, reader)), bool(mark["observed"]))


def _places(contacts: Iterable[Json], points: Iterable[Json], reader: NameReader) -> Iterator[Place]:
    """Yield the last and found places first, then those of the journey from its end."""
    ends = {"lastKnown", "found"}
    for entry in contacts:
        yield from _place(entry, reader, last=True)
    latest_first = list(points)[::-1]
    for entry in sorted(latest_first, key=lambda point: point["type"] not in ends):
        yield from _place(entry, reader, last=entry["type"] in ends)


def _place(entry: Json, reader: NameReader, *, last: bool) -> Iterator[Place]:
    if place := entry.get("place"):
        latitude, longitude = position(place) or (None, None)
        yield Place(
            code(reader.fold(place.get("name", ""))), place.get("country", ""), latitude, longitude, last
        )


def _latest(dates: Iterable[str | None]) -> Days | None:
    return max((days for text in dates if (days := days_of(text))), default=None)


def _all(every: Iterable[Json], category: str) -> Iterator[Json]:
    return (entry[category] for entry in every if category in entry)


def _first(texts: Iterable[str]) -> str:
    return next((text for text in texts if text), "")


def _unique(values: Iterable[T]) -> tuple[T, ...]:
    return tuple(dict.fromkeys(value for value in values if value))
