"""Where remains lie and through whose hands they went, as a record tells it and as staff look for it."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from typing import Any, Final

from .features import sections

Json = Mapping[str, Any]
_PARTIES: Final = ("party", "from", "to")


def holding_keys(record: Json) -> set[str]:
    """Return the index keys of a record, of the type `h`: facility, storage, burial place and party."""
    return {f"h:{member}|{_folded(text)}" for entry in sections(record) for member, text in _told(entry)}


def lookup_keys(wanted: Mapping[str, str]) -> set[str]:
    """Return the keys that a record has which fits all that is wanted."""
    return {f"h:{member}|{_folded(text)}" for member, text in wanted.items()}


def _told(entry: Json) -> Iterator[tuple[str, str]]:
    place = entry.get("remainsLocation", {})
    yield from ((name, place[name]) for name in ("facility", "storageReference") if name in place)
    if name := place.get("burialPlace", {}).get("name"):
        yield "burialPlace", name
    for event in entry.get("custody", {}).get("events", ()):
        yield from (("party", event[name]) for name in _PARTIES if name in event)


def _folded(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())
