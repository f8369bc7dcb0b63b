"""The table of access, `access.csv`: which action is open to whom, for which purposes and recipients."""

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

COLUMNS = ("caller", "resource", "action", "purposes", "classes", "beside", "requirements")
ANY = "any"
EXCEPT = "any but "
PARTNER = "partner"
FORMER_PARTNER = "formerPartner"
PARTNERS = frozenset({PARTNER, FORMER_PARTNER})

Codes = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class Opening:
    """One row: an action that is open to a caller; what no row opens is closed.

    A caller is a role of the staff, `partner`, or `formerPartner`; `classes` of recipients are named for
    partners only. `beside` names what is looked at beside the table, `requirements` why the row is as it is.
    """

    caller: str
    action: str
    purposes: frozenset[str]
    classes: frozenset[str]
    beside: tuple[str, ...]
    requirements: tuple[str, ...]

    def serves(self, purpose: str, recipient_class: str | None) -> bool:
        """Tell whether the row opens its action for a purpose, to a partner of a class or to staff (None)."""
        return purpose in self.purposes and (recipient_class is None or recipient_class in self.classes)


def read(path: Path, purposes: Codes, classes: Codes) -> Iterator[Opening]:
    """Yield the rows of a table; `purposes` and `classes` are the codelists that it speaks of."""
    open_purposes = [code for code, row in purposes.items() if row["prohibited"] == "false"]
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            yield Opening(
                caller=row["caller"],
                action=f"{row['resource']}:{row['action']}",
                purposes=_named(row["purposes"], open_purposes),
                classes=_named(row["classes"], classes),
                beside=tuple(row["beside"].split()),
                requirements=tuple(row["requirements"].split()),
            )


def _named(cell: str, codes: Codes | list[str]) -> frozenset[str]:
    """Return the codes that a cell names; `any` are all, `any but` all save the named."""
    if cell == ANY:
        return frozenset(codes)
    if cell.startswith(EXCEPT):
        return frozenset(codes) - set(cell.removeprefix(EXCEPT).split())
    return frozenset(cell.split())
