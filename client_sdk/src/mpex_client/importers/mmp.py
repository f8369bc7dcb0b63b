"""Import of Missing Migrants Project files of any year as incidents, streaming and idempotent.

Each row is known by its Incident ID: importing the same file again leaves everything unchanged, and an
interrupted import is taken up by running it again.
"""

import csv
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from mpex_client._errors import ConfigurationError
from mpex_client._generated.problems import AlreadyExists
from mpex_client._sync.client import Client
from mpex_client.ids import derived_id
from mpex_client.importers._mmp_layouts import Sheet, sheet_of
from mpex_client.importers._mmp_row import WARNINGS, RowError, incident_of
from mpex_client.importers._report import Report, totals_of
from mpex_client.importers._sending import Row, send

__all__ = ["WARNINGS", "count_rows", "import_mmp", "register_directive"]


def import_mmp(
    client: Client,
    path: Path,
    *,
    directive: str,
    report_path: Path | None = None,
    on_rows: Callable[[int], None] | None = None,
) -> dict[str, Any]:
    """Import a file under a directive and return the report without its rows.

    `accepted + warned + rejected` is the number of rows. `totals` are computed from what the node stores
    after the import. `on_rows` is called with the number of rows each time some are done. Raises
    ConfigurationError when the file is not one of this format.
    """
    with _opened(path) as (sheet, rows), Report(report_path) as report:
        layout = sheet.layout
        report.facts = {
            "file": path.name,
            "layout": layout.name,
            "system": layout.system,
            "directive": directive,
        }
        read = (_read(line, sheet, cells) for line, cells in rows)
        post = partial(client.incidents.import_batch, directive=directive)
        send(read, post, identifier="incidentId", report=report, on_rows=on_rows)
        stored = (each for each in client.incidents.list() if _source_of(each).get("system") == layout.system)
        report.facts["totals"] = totals_of(stored)
        return report.summary()


def count_rows(path: Path) -> int:
    """Return the number of rows of a file, without keeping them."""
    with _opened(path) as (_, rows):
        return sum(1 for _ in rows)


def register_directive(client: Client, path: Path) -> str:
    """Register the directive of a JSON file and return its identifier: the same file, the same directive."""
    try:
        directive = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ConfigurationError(f"{path.name} cannot be read as JSON") from error
    if not isinstance(directive, dict):
        raise ConfigurationError(f"{path.name} is not a directive: it is no JSON object")
    seed = json.dumps(directive, sort_keys=True, ensure_ascii=False).encode()
    identifier = str(directive.get("directiveId") or derived_id("directive", seed))
    try:
        client.directives.create(
            directive | {"directiveId": identifier}, idempotency_key=identifier.replace(":", "-")
        )
    except AlreadyExists:
        client.directives.get(identifier)
    return identifier


@contextmanager
def _opened(path: Path) -> Iterator[tuple[Sheet, Iterator[tuple[int, dict[str, str | None]]]]]:
    """Yield how to read a file, and its rows with their lines."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            sheet = sheet_of(reader.fieldnames or ())
            if sheet is None:
                raise ConfigurationError(
                    f"{path.name} is no Missing Migrants file: its columns are of none of the known layouts"
                )
            yield sheet, ((reader.line_num, row) for row in reader if not _is_tags(sheet, row))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise ConfigurationError(f"{path.name} cannot be read as a CSV file in UTF-8") from error


def _is_tags(sheet: Sheet, row: dict[str, str | None]) -> bool:
    """Tell whether a row holds tags of the Humanitarian Exchange Language, which are a second header."""
    return (row.get(sheet.header("id")) or "").startswith("#")


def _read(line: int, sheet: Sheet, cells: dict[str, str | None]) -> Row:
    identifier = (cells.get(sheet.header("id")) or "").strip()
    try:
        incident, warnings = incident_of(sheet, cells)
    except RowError as error:
        return Row(line, identifier, None, [str(error)])
    return Row(line, identifier, incident, warnings)


def _source_of(incident: Mapping[str, Any]) -> Mapping[str, Any]:
    source = incident.get("source")
    return source if isinstance(source, dict) else {}
