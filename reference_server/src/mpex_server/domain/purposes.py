"""Purposes and authorities as the codelists of the specification define them.

Which purposes are prohibited, which categories each may ever receive, and which authority prevails.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from mpex_spec import codelist

Matrix = Mapping[str, frozenset[str]]

PROHIBITED: Final = frozenset(
    code for code, row in codelist("purposes").items() if row["prohibited"] == "true"
)
"""Defined so that refusal can be tested; nothing, not even the person's own grant, permits them."""

PROHIBITED_CLASSES: Final = frozenset(
    code for code, row in codelist("recipientClasses").items() if row["prohibited"] == "true"
)
"""Classes of recipients that are never partners (TRUST-031)."""

EXPLICIT_GRANT: Final = frozenset(
    code for code, row in codelist("purposes").items() if row["explicitGrant"] == "true"
)
"""Denied unless a grant names the purpose."""

MATRIX: Final[Matrix] = MappingProxyType(
    {code: frozenset(row["categories"].split()) for code, row in codelist("purposes").items()}
)
"""Purpose -> categories that it may ever receive; a purpose that is not listed receives nothing."""

PROTECT_LIFE: Final = "protectLife"
PROTECT_LIFE_CLASSES: Final = frozenset({"health", "rescue"})
PROTECT_LIFE_HOURS: Final = 72
"""Data released to protect a life are deleted after this time at the latest."""

RANKS: Final[Mapping[str, int]] = MappingProxyType(
    {code: int(row["rank"]) for code, row in codelist("authorities").items()}
)
"""Authority of a directive -> rank; where directives disagree, the higher rank prevails."""

PROTECTIVE: Final = frozenset(
    code for code, row in codelist("authorities").items() if row["protective"] == "true"
)
"""Authorities whose denials bind the whole record."""

OF_CHILDREN: Final = frozenset({"parent", "guardian", "childProtection"})
"""Authorities that speak for children; what they permit ends when the child is of age."""
