"""Import of any table or any file with one JSON document a line, by a mapping; and a look before it."""

from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import mpex_spec
from jsonschema import Draft202012Validator

from mpex_client._sync.client import Client
from mpex_client.importers._mapping import Mapping, load
from mpex_client.importers._mapping_record import GIVEN, WARNINGS, row_of
from mpex_client.importers._people import Envelope, import_people
from mpex_client.importers._report import Report
from mpex_client.importers._tables import Line, columns_of, is_table, read_csv, read_jsonl
from mpex_client.importers._targets import target_of

__all__ = ["WARNINGS", "check_mapped", "import_mapped", "load_mapping", "rows_of"]

_LOOK = 100_000
_NOBODY = Envelope("publicInterest", {"organisation": "Nobody yet"})


def load_mapping(path: Path) -> Mapping:
    """Read a mapping and check that a record has every place it names; raises ConfigurationError."""
    mapping = load(path)
    for rule in mapping.rules:
        target_of(rule.to)
    return mapping


def rows_of(path: Path, mapping: Mapping) -> Iterator[Line]:
    """Yield the rows of a file: one JSON document a line where its name ends so, a table otherwise."""
    if not is_table(path):
        return read_jsonl(path)
    options = {name: mapping.options[name] for name in ("delimiter", "encoding") if name in mapping.options}
    return read_csv(path, **options)


def import_mapped(
    client: Client,
    lines: Iterator[Line],
    mapping: Mapping,
    *,
    envelope: Envelope,
    directive: str | None = None,
    report_path: Path | None = None,
    on_rows: Callable[[int], None] | None = None,
) -> dict[str, Any]:
    """Import rows by a mapping and return the report without its rows."""
    with Report(report_path) as report:
        report.facts = {"system": mapping.system, "directive": directive}
        rows = (row_of(mapping, line, envelope) for line in lines)
        import_people(client, rows, directive=directive, report=report, on_rows=on_rows)
        return report.summary()


def check_mapped(lines: Iterator[Line], mapping: Mapping) -> dict[str, Any]:
    """Tell what an import would make of up to 100,000 rows, without a node and without telling any value.

    `filled` counts the rows in which each section is filled, `given` those in which a column stays as it was
    given, `refused` the places that a node would refuse, `unmapped` names the columns that nobody reads.
    """
    validator = Draft202012Validator(mpex_spec.schema("person-record"), registry=mpex_spec.registry())
    counts = {name: Counter[str]() for name in ("filled", "given", "warnings", "refused")}
    columns, seen, rows = set[str](), Counter[str](), 0
    for line in lines:
        rows += 1
        columns.update(columns_of(line.values))
        row = row_of(mapping, line, _NOBODY)
        seen[row.digest] += 1
        if row.record is None:
            counts["refused"].update(row.notes)
        else:
            sections = row.record["contributions"][0]["sections"]
            counts["filled"].update(sections.keys() - {GIVEN})
            counts["given"].update(sections.get(GIVEN, {}).keys())
            counts["warnings"].update(row.notes)
            counts["refused"].update(_place(error) for error in validator.iter_errors(row.record))
        if rows == _LOOK:
            break
    shown = {name: dict(sorted(counter.items())) for name, counter in counts.items()}
    unknown = sorted(mapping.columns - columns)
    twice = sum(count > 1 for count in seen.values())
    return {
        "rows": rows,
        "twice": twice,
        **shown,
        "unmapped": sorted(columns - mapping.columns),
        "unknown": unknown,
    }


def _place(error: Any) -> str:
    pointer = "".join(f"/{part}" for part in error.absolute_path)
    return f"{pointer}: the keyword `{error.validator}` is not fulfilled"
