"""Sending of the rows of a file to the node in batches, and entering of each outcome into the report.

Memory does not grow with the file: a batch is sent, entered and forgotten.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from mpex_client._errors import ProtocolError
from mpex_client.importers._report import Report

__all__ = ["Row", "send"]

BATCH_ROWS = 200
BATCH_BYTES = 700_000
ROW_BYTES = 1_000_000
_TOO_LARGE = "is larger than a request may be"


@dataclass(frozen=True, slots=True)
class Row:
    """One row: `line` and `name` are how the report calls it, `item` is what the node is sent.

    `item` is None when the row cannot be taken, and `notes` then say why; otherwise they are warnings.
    """

    line: int
    name: str
    item: dict[str, Any] | None
    notes: list[str] = field(default_factory=list)


def send(
    rows: Iterable[Row],
    post: Callable[[list[dict[str, Any]]], Mapping[str, Any]],
    *,
    identifier: str,
    report: Report,
    on_rows: Callable[[int], None] | None = None,
) -> None:
    """Send rows by `post`, which imports a batch, and enter what became of each into the report.

    `identifier` is the member of an outcome that names what was stored. `on_rows` is called with the number
    of rows each time some are done. Raises ProtocolError when the node leaves out an outcome.
    """
    for batch in _batches(rows):
        items = [row.item for row in batch if row.item is not None]
        outcomes = post(items).get("outcomes", []) if items else []
        if len(outcomes) != len(items):
            raise ProtocolError("the node answered with another number of outcomes than it was sent rows")
        following = iter(outcomes)
        for row in batch:
            _enter(row, None if row.item is None else next(following), identifier, report)
        if on_rows:
            on_rows(len(batch))


def _batches(rows: Iterable[Row]) -> Iterator[list[Row]]:
    batch: list[Row] = []
    size = 0
    for row in rows:
        added = len(json.dumps(row.item, ensure_ascii=False).encode())
        if added > ROW_BYTES:
            row, added = replace(row, item=None, notes=[_TOO_LARGE]), 0
        if batch and (len(batch) == BATCH_ROWS or size + added > BATCH_BYTES):
            yield batch
            batch, size = [], 0
        batch.append(row)
        size += added
    if batch:
        yield batch


def _enter(row: Row, outcome: Mapping[str, Any] | None, identifier: str, report: Report) -> None:
    if outcome is None:
        report.add(row.line, row.name, "rejected", errors=row.notes)
    elif outcome["outcome"] == "rejected":
        errors = [f"{error['pointer']}: {error['detail']}" for error in outcome.get("errors", ())]
        report.add(row.line, row.name, "rejected", errors=errors)
    else:
        kind = "warned" if row.notes else "accepted"
        stored = {"stored": outcome["outcome"], identifier: outcome.get(identifier)}
        report.add(row.line, row.name, kind, **stored, warnings=row.notes)
