"""How a finding on a tooth in life and one after death go together (REM-013).

Time only goes forward: a tooth comes through, is treated, is lost. What life or death explains is no
contradiction; a tooth that is whole again, or there again, is one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final, Literal

Comparison = Literal["agrees", "explainable", "contradicts"]
Findings = Mapping[str, tuple[str, ...]]

_BEST_FIRST: Final[tuple[Comparison, ...]] = ("agrees", "explainable", "contradicts")
_NATURAL: Final = frozenset(
    {"sound", "unerupted", "filled", "rootFilled", "decayed", "fractured", "decorated"}
)
_GONE_IN_LIFE: Final = frozenset({"lostAnteMortem", "implant", "denture"})
_FOR_GOOD: Final = frozenset({"filled", "rootFilled", "decayed", "fractured", "crowned", "bridge"})
_IN_LIFE: Final = _NATURAL | _GONE_IN_LIFE | _FOR_GOOD
_FOUND: Final = _IN_LIFE | {"lostPostMortem"}


def compare_tooth(in_life: str, after_death: str) -> Comparison | None:
    """Return how two states of one tooth go together; None when one of them says nothing."""
    if in_life not in _IN_LIFE or after_death not in _FOUND:
        return None
    if in_life == after_death:
        return "agrees"
    there_again = in_life in _GONE_IN_LIFE and after_death in _NATURAL | {"lostPostMortem"}
    whole_again = in_life in _FOR_GOOD and after_death == "sound"
    gone_back = after_death == "unerupted"
    return "contradicts" if there_again or whole_again or gone_back else "explainable"


def findings(sections: Iterable[Mapping[str, Any]]) -> Findings:
    """Return the states of each tooth by its number after ISO 3950, in all accounts of one record."""
    found: dict[str, tuple[str, ...]] = {}
    for section in sections:
        for entry in section.get("dental", {}).get("teeth", ()):
            found[entry["tooth"]] = (*found.get(entry["tooth"], ()), entry["state"])
    return found


def compare_teeth(in_life: Findings, after_death: Findings) -> dict[str, Comparison]:
    """Return the comparison of each tooth of which both sides say something, in the order of numbers.

    Where accounts of one record differ, the pair that goes together best counts: it is not the tooth that
    contradicts then.
    """
    compared: dict[str, Comparison] = {}
    for tooth in sorted(in_life.keys() & after_death.keys()):
        pairs = {compare_tooth(one, other) for one in in_life[tooth] for other in after_death[tooth]}
        if best := next((kind for kind in _BEST_FIRST if kind in pairs), None):
            compared[tooth] = best
    return compared
