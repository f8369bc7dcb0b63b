"""Parts of what was disclosed: each is the value of one category in one account, or in the record itself.

A recipient knows a part by its category and the identifier of the account, which stand with each value of a
release; so that is how a recall names what must go (RECL-023).
"""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

Json = dict[str, Any]


class Part(NamedTuple):
    """A part; `contribution` is empty for the record itself, `directive` where it is not known."""

    category: str
    contribution: str
    directive: str = ""

    @property
    def name(self) -> tuple[str, str]:
        """What both sides know it by."""
        return self.category, self.contribution


def of(disclosures: Mapping[str, Json], directives: Mapping[str, str] | None = None) -> frozenset[Part]:
    """Return the parts of disclosed data (release.json); `directives` are those of the accounts."""
    known = directives or {}
    names = {
        (category, entry.get("contributionId", ""))
        for category, disclosed in disclosures.items()
        for entry in disclosed["values"]
    }
    return frozenset(Part(category, account, known.get(account, "")) for category, account in names)


def without(disclosures: Mapping[str, Json], gone: Iterable[tuple[str, str]]) -> dict[str, Json]:
    """Return disclosed data without the parts of these names; a category with nothing left is left out."""
    names = frozenset(gone)
    left = {
        category: [
            entry for entry in disclosed["values"] if (category, entry.get("contributionId", "")) not in names
        ]
        for category, disclosed in disclosures.items()
    }
    return {category: {"values": entries} for category, entries in left.items() if entries}


def told(parts: Iterable[Part]) -> list[Json]:
    """Return parts as an event names them (event-claims.json)."""
    return [
        {"category": part.category} | ({"contribution": part.contribution} if part.contribution else {})
        for part in sorted(parts)
    ]


def names(listed: Iterable[Mapping[str, str]]) -> frozenset[tuple[str, str]]:
    """Return the names of the parts that an event lists."""
    return frozenset((entry["category"], entry.get("contribution", "")) for entry in listed)


def written(parts: Iterable[Part]) -> str:
    """Return parts as one text, for a column."""
    return "\n".join(" ".join(each or "-" for each in part) for part in sorted(parts))


def read(text: str) -> frozenset[Part]:
    """Return the parts of a column."""
    rows = (line.split(" ") for line in text.splitlines())
    return frozenset(Part(*("" if each == "-" else each for each in row)) for row in rows)
