"""Import of people, whatever file they come from.

A row is known by its identity in the file; the report names it by its number and a digest of that identity,
since identifiers of registers are personal data.
"""

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from mpex_client._sync.client import Client
from mpex_client.importers._report import Report
from mpex_client.importers._sending import Row, send

__all__ = ["Envelope", "PersonRow", "import_people"]


@dataclass(frozen=True, slots=True)
class Envelope:
    """What each imported record says besides the content of its row."""

    legal_basis: str
    contact_office: Mapping[str, Any]
    synthetic: bool = False

    def around(
        self, contribution: Mapping[str, Any], *, status: str = "open", **members: Any
    ) -> dict[str, Any]:
        """Return a person record with one contribution; it has a name, or says that none is known."""
        record: dict[str, Any] = {"type": "soughtPerson", "status": status, "legalBasis": self.legal_basis}
        record["contactOffice"] = dict(self.contact_office)
        if self.synthetic:
            record["synthetic"] = True
        if "names" not in contribution["sections"]:
            record["nameUnknown"] = True
        return record | members | {"contributions": [dict(contribution)]}


@dataclass(frozen=True, slots=True)
class PersonRow:
    """One row; `record` is None when it cannot be taken, and `notes` then say why."""

    number: int
    system: str
    identifier: str
    record: dict[str, Any] | None
    notes: list[str] = field(default_factory=list)

    @property
    def digest(self) -> str:
        """The name of the row in a report."""
        return hashlib.sha256(f"{self.system}\0{self.identifier}".encode()).hexdigest()[:16]

    def to_send(self) -> Row:
        """Return the row as an item of an import."""
        source = {"system": self.system, "id": self.identifier}
        item = None if self.record is None else {"source": source, "record": self.record}
        return Row(self.number, self.digest, item, self.notes)


def import_people(
    client: Client,
    rows: Iterable[PersonRow],
    *,
    directive: str | None,
    report: Report,
    on_rows: Callable[[int], None] | None = None,
) -> None:
    """Import rows and enter the outcome of each into the report; without a directive they are not shared."""
    post = partial(client.persons.import_batch, directive=directive)
    send((row.to_send() for row in rows), post, identifier="recordId", report=report, on_rows=on_rows)
