"""Release sets: named sets of categories that are asked for, granted and released together; not ranks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Final

from mpex_spec import codelist

RELEASE_SETS: Final[Mapping[str, frozenset[str]]] = MappingProxyType(
    {code: frozenset(row["categories"].split()) for code, row in codelist("releaseSets").items()}
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
