"""Release sets: named sets of categories that are asked for, granted and released together; not ranks.

The table repeats the codelist `releaseSets` of the specification; a test compares them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Final

_IDENTITY = "existence summary identity names birth"
_SETS = {
    "existence": "existence",
    "summary": "existence summary",
    "identity": _IDENTITY,
    "searchDetail": f"{_IDENTITY} physical clothingEffects journey incident photo",
    "forensic": "existence summary physical clothingEffects incident medical dental fingerprints dna "
    "remainsLocation custody",
    "contact": "existence summary contact",
}

RELEASE_SETS: Final[Mapping[str, frozenset[str]]] = MappingProxyType(
    {name: frozenset(categories.split()) for name, categories in _SETS.items()}
)
"""Release set -> its categories."""


def expand(release_sets: Iterable[str]) -> frozenset[str]:
    """Return the categories of the sets together; an unknown set has none."""
    return frozenset().union(*(RELEASE_SETS.get(name, frozenset()) for name in release_sets))


def returned_set(asked: str, permitted: frozenset[str]) -> str | None:
    """Return the set that an answer may state: the one asked for, else the largest permitted part of it.

    None when not even the existence of the record may be told. Only sets within the one asked for count.
    """
    within = RELEASE_SETS.get(asked, frozenset())
    whole = [name for name, members in RELEASE_SETS.items() if members <= within & permitted]
    return max(whole, key=lambda name: (len(RELEASE_SETS[name]), name), default=None)
