"""Sending of people to the node in batches, whatever file they come from.

A row is known by its identity in the file; the report names it by its number and a digest of that identity,
since identifiers of registers are personal data. Memory does not grow with the file.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from mpex_client._errors import ProtocolError
from mpex_client._sync.client import Client
from mpex_client.importers._report import Report

__all__ = ["Envelope", "Row", "import_people"]

BATCH_ROWS = 200
BATCH_BYTES = 700_000
ROW_BYTES = 1_000_000
_TOO_LARGE = "is larger than a request may be"


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
class Row:
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

    @property
    def item(self) -> dict[str, Any]:
        """The row as an item of an import."""
        return {"source": {"system": self.system, "id": self.identifier}, "record": self.record}


def import_people(
    client: Client,
    rows: Iterable[Row],
    *,
    directive: str | None,
    report: Report,
    on_rows: Callable[[int], None] | None = None,
) -> None:
    """Import rows and enter the outcome of each into the report; without a directive they are not shared."""
    for batch in _batches(rows):
        _send(client, batch, directive, report)
        if on_rows:
            on_rows(len(batch))


def _batches(rows: Iterable[Row]) -> Iterator[list[Row]]:
    batch: list[Row] = []
    size = 0
    for row in rows:
        added = len(json.dumps(row.item, ensure_ascii=False).encode())
        if added > ROW_BYTES:
            row, added = replace(row, record=None, notes=[_TOO_LARGE]), 0
        if batch and (len(batch) == BATCH_ROWS or size + added > BATCH_BYTES):
            yield batch
            batch, size = [], 0
        batch.append(row)
        size += added
    if batch:
        yield batch


def _send(client: Client, batch: list[Row], directive: str | None, report: Report) -> None:
    items = [row.item for row in batch if row.record is not None]
    answer = client.persons.import_batch(items, directive=directive) if items else {}
    outcomes = answer.get("outcomes", [])
    if len(outcomes) != len(items):
        raise ProtocolError("the node answered with another number of outcomes than it was sent people")
    following = iter(outcomes)
    for row in batch:
        outcome = next(following) if row.record is not None else None
        _record(row, outcome, report)


def _record(row: Row, outcome: Mapping[str, Any] | None, report: Report) -> None:
    if outcome is None:
        report.add(row.number, row.digest, "rejected", errors=row.notes)
    elif outcome["outcome"] == "rejected":
        errors = [f"{error['pointer']}: {error['detail']}" for error in outcome.get("errors", ())]
        report.add(row.number, row.digest, "rejected", errors=errors)
    else:
        kind = "warned" if row.notes else "accepted"
        stored, record_id = outcome["outcome"], outcome.get("recordId")
        report.add(row.number, row.digest, kind, stored=stored, recordId=record_id, warnings=row.notes)
