"""What two sets of genetic loci share; nothing here knows or needs the value of any locus."""

from __future__ import annotations

from typing import Final

from mpex_spec import codelist

LOCI: Final = {code: frozenset(row["loci"].split()) for code, row in codelist("dnaLocusSets").items()}
"""Locus set -> its loci; empty for sets whose loci depend on a kit or a panel."""


def shared_loci(one: str, other: str) -> int | None:
    """Return how many loci two sets share; None when the published list names none for one of them."""
    first, second = (LOCI.get(name, frozenset[str]()) for name in (one, other))
    return len(first & second) if first and second else None
