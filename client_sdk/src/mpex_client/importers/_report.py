"""The report of an import: written row by row, so that its size never has to fit into memory."""

import json
import os
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self

__all__ = ["Report", "totals_of"]


class Report:
    """Counts outcomes; with a path it writes every row's outcome there, whole or not at all."""

    def __init__(self, path: Path | None) -> None:
        self.outcomes: Counter[str] = Counter(accepted=0, warned=0, rejected=0)
        self.stored: Counter[str] = Counter(created=0, updated=0, unchanged=0)
        self.warnings: Counter[str] = Counter()
        self.facts: dict[str, Any] = {}
        self._path = path
        self._part = path.with_name(f"{path.name}.part") if path else None
        self._file = self._part.open("w", encoding="utf-8") if self._part else None
        self._separator = '{"rows":[\n'

    def add(
        self, row: int, identifier: str, outcome: str, *, stored: str | None = None, **details: Any
    ) -> None:
        """Record one row: its line in the file, its identifier there, and accepted, warned or rejected."""
        self.outcomes[outcome] += 1
        self.warnings.update(details.get("warnings", ()))
        if stored:
            self.stored[stored] += 1
        if self._file:
            entry = {"row": row, "id": identifier, "outcome": outcome, "stored": stored} | details
            entry = {name: value for name, value in entry.items() if value}
            self._file.write(self._separator + json.dumps(entry, ensure_ascii=False))
            self._separator = ",\n"

    def summary(self) -> dict[str, Any]:
        """Return everything but the rows."""
        return {
            **self.facts,
            "outcomes": dict(self.outcomes),
            "stored": dict(self.stored),
            "warnings": dict(sorted(self.warnings.items())),
        }

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if not (self._file and self._part and self._path):
            return
        with self._file:
            if kind is None:
                opening = self._separator if self._separator.startswith("{") else ""
                rest = json.dumps(self.summary(), ensure_ascii=False, indent=1)[1:]
                self._file.write(f"{opening}\n],{rest}\n")
        if kind is None:
            os.replace(self._part, self._path)  # noqa: PTH105 - atomic on every system
        else:
            self._part.unlink()


def totals_of(incidents: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Return the sums of dead and missing over all incidents, by year and by cause (joined by `+`)."""
    whole: Counter[str] = Counter()
    by_year: dict[str, Counter[str]] = {}
    by_cause: dict[str, Counter[str]] = {}
    for incident in incidents:
        counts = incident.get("counts", {})
        sums = Counter(
            incidents=1,
            dead=counts.get("dead", 0),
            missing=counts.get("missingMinimum", 0),
            deadAndMissing=counts.get("deadAndMissing", 0),
        )
        year = str(incident.get("date", "unknown"))[: 7 if "date" not in incident else 4]
        cause = "+".join(incident.get("causes", ())) or "unknown"
        for counter in (whole, by_year.setdefault(year, Counter()), by_cause.setdefault(cause, Counter())):
            counter.update(sums)
    return {
        "all": dict(whole),
        "byYear": {name: dict(by_year[name]) for name in sorted(by_year)},
        "byCause": {name: dict(by_cause[name]) for name in sorted(by_cause)},
    }
