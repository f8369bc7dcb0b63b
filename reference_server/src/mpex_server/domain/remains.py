"""What an inventory of remains shows, and how it is divided and put together (REM-001, REM-004, REM-008)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

Part = Mapping[str, Any]

_IN_THE_MIDDLE: Final = frozenset({"head", "face", "neck", "chest", "abdomen", "back", "pelvis"})
_ON_EACH_SIDE: Final = frozenset(
    {"ear", "shoulder", "upperArm", "forearm", "hand", "thigh", "knee", "lowerLeg", "foot"}
)
_SIDES: Final[Mapping[str, tuple[str, ...]]] = {
    "left": ("left",),
    "right": ("right",),
    "both": ("left", "right"),
}


def least_individuals(parts: Iterable[Part]) -> int:
    """Return how many individuals the complete parts are of, at least.

    Nobody has two complete parts of one region and side, nor one beside a whole body. Incomplete parts,
    fingers, toes, and parts whose side is not known show nothing.
    """
    whole, counts = 0, Counter[tuple[str, str]]()
    for part in parts:
        if not part.get("complete"):
            continue
        if part["region"] == "whole":
            whole += part.get("count", 1)
        for place in _places(part):
            counts[place] += part.get("count", 1)
    return max(1, whole + max(counts.values(), default=0))


def put_together(*inventories: Iterable[Part]) -> list[dict[str, Any]]:
    """Return one inventory of all parts; those that are described alike become one entry."""
    made: list[tuple[dict[str, Any], int]] = []
    for part in (part for inventory in inventories for part in inventory):
        kind, count = _kind(part), part.get("count", 1)
        place = next((number for number, (known, _) in enumerate(made) if known == kind), None)
        if place is None:
            made.append((kind, count))
        else:
            made[place] = (kind, made[place][1] + count)
    return [_part(kind, count) for kind, count in made]


def without(parts: Iterable[Part], taken: Iterable[Part]) -> list[dict[str, Any]] | None:
    """Return the inventory after parts were taken from it; None when it does not hold them."""
    left = [(_kind(part), part.get("count", 1)) for part in put_together(parts)]
    for part in taken:
        kind, count = _kind(part), part.get("count", 1)
        place = next((n for n, (known, held) in enumerate(left) if known == kind and held >= count), None)
        if place is None:
            return None
        left[place] = (kind, left[place][1] - count)
    return [_part(kind, count) for kind, count in left if count]


def broken_chain(before: Mapping[str, Any], after: Mapping[str, Any]) -> bool:
    """Tell whether a version of a record alters or drops an entry of a custody chain of the one before."""
    chains = {entry["contributionId"]: _chain(entry) for entry in after["contributions"]}
    return any(
        chains.get(entry["contributionId"], [])[: len(chain)] != chain
        for entry in before["contributions"]
        if (chain := _chain(entry))
    )


def _chain(contribution: Mapping[str, Any]) -> list[Any]:
    return list(contribution["sections"].get("custody", {}).get("events", ()))


def _places(part: Part) -> Iterator[tuple[str, str]]:
    region = part["region"]
    if region in _IN_THE_MIDDLE:
        yield region, "middle"
    elif region in _ON_EACH_SIDE:
        yield from ((region, side) for side in _SIDES.get(part.get("side", ""), ()))


def _kind(part: Part) -> dict[str, Any]:
    return {name: value for name, value in part.items() if name != "count"}


def _part(kind: dict[str, Any], count: int) -> dict[str, Any]:
    return kind | ({"count": count} if count > 1 else {})
