"""Keys of the candidate index: plain keys with a type, and the keyed 64-bit tokens that the database holds.

A record is indexed under `index_keys`; a query looks under `query_keys`, which widens dates by their error.
Keys by rising price: name pairs and name with year are rare and cheap to read; single skeletons of common
names are long lists. Sum inverse document frequency over the keys, and skip the longest lists.

| type | key |
|---|---|
| n | skeleton of a word of a name, each reading |
| d | a skeleton of four or more and each of it with one consonant less |
| p | first four letters of a folded word |
| w | two skeletons of one name, or of a name and a parent's name |
| y, c | skeleton with year of birth, with nationality |
| b | day of birth |
| m | month of last contact or finding with country, place, region of the sea (2 degrees), or route |
| s | month with sex and age band |
| k | mark: kind and place on the body, alone and with sex |
| e | clothing or effect: category with colour, brand, inscription or word |
| i | incident |
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import lru_cache
from itertools import combinations
from typing import Any, Final

from .dates import Days, born_of, days_of, months
from .features import effect_keys, mark_place, name_tokens, position, sections
from .names import NameReader, NameToken

Json = Mapping[str, Any]
TOKEN_KEY_BYTES: Final = 32
_AGE_STEP: Final = 10
_MONTHS_EITHER_SIDE: Final = 3
_CELL_DEGREES: Final = 2


def index_keys(record: Json, reader: NameReader | None = None) -> set[str]:
    """Return the keys under which a record is found, each as `type:value`."""
    return set(_keys(record, reader or NameReader(), widen=False))


def query_keys(query: Json, reader: NameReader | None = None) -> set[str]:
    """Return the keys to look under for a query by example or a record."""
    return set(_keys(query, reader or NameReader(), widen=True))


def token(key: bytes, keytype: str, value: str) -> int:
    """Return the keyed 64-bit token (signed, for BIGINT) of a key; key types are separate domains.

    ValueError when the key has not 32 bytes.
    """
    hashed = _keyed(key, keytype).copy()
    hashed.update(value.encode())
    return int.from_bytes(hashed.digest(), "big", signed=True)


@lru_cache(maxsize=64)
def _keyed(key: bytes, keytype: str) -> hashlib.blake2b:
    if len(key) != TOKEN_KEY_BYTES:
        raise ValueError("the index key has 32 bytes")
    return hashlib.blake2b(digest_size=8, key=key, person=keytype.encode()[:16])


def index_tokens(key: bytes, keys: Iterable[str]) -> set[int]:
    """Return the tokens of keys of this module."""
    return {token(key, *entry.split(":", 1)) for entry in keys}


def _keys(record: Json, reader: NameReader, *, widen: bool) -> Iterator[str]:
    every = sections(record)
    names = [entry["names"] for entry in every if "names" in entry]
    forms = [
        [token for _, token in name_tokens(name, reader)]
        for entry in names
        for name in entry.get("names", ())
    ]
    parents = [
        token
        for entry in names
        for member in ("fatherName", "motherName")
        if member in entry
        for _, token in name_tokens(entry[member], reader)
    ]
    years = _birth_years(every, widen=widen)
    countries = {
        nationality["country"]
        for entry in every
        for nationality in entry.get("identity", {}).get("nationalities", ())
        if "country" in nationality
    }
    for form in forms:
        yield from _name_keys(form, parents, years, countries)
    yield from _birth_keys(every, widen=widen)
    yield from _event_keys(every, reader, widen=widen)
    yield from _body_keys(every, reader)


def _name_keys(
    form: list[NameToken], parents: list[NameToken], years: set[int], countries: set[str]
) -> Iterator[str]:
    for word in form:
        readings = {word.skeleton, *word.others}
        yield from (f"n:{reading}" for reading in readings)
        yield from (f"y:{reading}|{year}" for reading in readings for year in years)
        yield from (f"c:{reading}|{country}" for reading in readings for country in countries)
        if len(word.skeleton) > 3:
            yield f"d:{word.skeleton}"
            yield from (f"d:{word.skeleton[:i]}{word.skeleton[i + 1 :]}" for i in range(len(word.skeleton)))
        if len(word.fold) > 3:
            yield f"p:{word.fold[:4]}"
    pairs = [*combinations(form[:6], 2), *((word, parent) for word in form[:3] for parent in parents[:3])]
    for one, other in pairs:
        for left in (one.skeleton, *one.others):
            for right in (other.skeleton, *other.others):
                yield "w:" + "|".join(sorted((left, right)))


def _birth_years(every: Iterable[Json], *, widen: bool) -> set[int]:
    years: set[int] = set()
    for entry in every:
        exact, estimate = _births(entry)
        span = exact or estimate
        if span and span[1] - span[0] < 15 * 366:
            slack = 1 if widen else 0
            first, last = date.fromordinal(span[0]).year, date.fromordinal(span[1]).year
            years |= set(range(first - slack, last + slack + 1))
    return years


def _births(entry: Json) -> tuple[Days | None, Days | None]:
    return days_of(entry.get("birth", {}).get("date")), born_of(entry.get("summary", {}).get("age"))


def _birth_keys(every: Iterable[Json], *, widen: bool) -> Iterator[str]:
    for entry in every:
        born = entry.get("birth", {}).get("date", "")
        if len(born) == 10:
            yield f"b:{born}"
            if widen:
                yield f"b:{born[:4]}-{born[8:]}-{born[5:7]}"


def _event_keys(every: list[Json], reader: NameReader, *, widen: bool) -> Iterator[str]:
    either = _MONTHS_EITHER_SIDE if widen else 0
    sexes = {entry["summary"].get("sex", "unknown") for entry in every if "summary" in entry} - {"unknown"}
    bands = _age_bands(every, widen=widen)
    for entry in every:
        journey = entry.get("journey", {})
        route = journey.get("route")
        if reference := entry.get("incident", {}).get("incident"):
            yield f"i:{reference}"
        for event in (
            *([journey["lastContact"]] if "lastContact" in journey else []),
            *journey.get("points", ()),
        ):
            if event.get("type", "lastKnown") not in {"lastKnown", "found", "embarkation", "disembarkation"}:
                continue
            span = days_of(event.get("date"))
            for month in months(span, either, either) if span else []:
                yield from (
                    f"m:{month}|{where}" for where in _where(event.get("place", {}), reader, widen=widen)
                )
                yield from ([f"m:{month}|{route}"] if route else [])
                yield from (f"s:{month}|{sex}|{band}" for sex in sexes for band in bands)


def _age_bands(every: Iterable[Json], *, widen: bool) -> set[int]:
    """Return decades of birth, which unlike ages do not move with time."""
    return {year // _AGE_STEP for year in _birth_years(every, widen=widen)}


def _where(place: Json, reader: NameReader, *, widen: bool) -> Iterator[str]:
    if name := reader.fold(place.get("name", "")):
        yield name
    if country := place.get("country"):
        yield country
    if at := position(place):
        row, column = (degrees // _CELL_DEGREES for degrees in at)
        near = (-1, 0, 1) if widen else (0,)
        yield from (f"{int(row + north)}/{int(column + east)}" for north in near for east in near)


def _body_keys(every: Iterable[Json], reader: NameReader) -> Iterator[str]:
    every = list(every)
    sexes = {entry["summary"].get("sex", "unknown") for entry in every if "summary" in entry} - {"unknown"}
    for entry in every:
        for mark in entry.get("physical", {}).get("marks", ()):
            if mark["observed"] and (place := mark_place(mark, reader)):
                yield f"k:{mark['kind']}|{place}"
                yield from (f"k:{mark['kind']}|{place}|{sex}" for sex in sexes)
        for item in entry.get("clothingEffects", {}).get("items", ()):
            yield from (f"e:{key}" for key in effect_keys(item, reader))
