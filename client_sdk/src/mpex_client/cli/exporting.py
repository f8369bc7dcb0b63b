"""`mpex export`: incidents as CSV or as one JSON document a line, streaming."""

import csv
import json
import sys
from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Annotated, Any

import typer

from mpex_client.cli._state import Purpose, current

__all__ = ["app"]

app = typer.Typer(no_args_is_help=True, help="Export what this node holds.")
COLUMNS = (
    "incidentId",
    "type",
    "source.system",
    "source.id",
    "date",
    "place.name",
    "place.country",
    "routes",
    "causes",
    "counts.dead",
    "counts.missingMinimum",
    "counts.deadAndMissing",
    "counts.survivors",
    "counts.female",
    "counts.male",
    "counts.minors",
    "sourceQuality",
    "attribution",
)
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class Format(StrEnum):
    """Formats of an export."""

    CSV = "csv"
    NDJSON = "ndjson"


@app.callback()
def main() -> None:
    """Export what this node holds."""


@app.command()
def incidents(
    context: typer.Context,
    format: Annotated[Format, typer.Option(help="csv or ndjson")] = Format.CSV,  # noqa: A002 - the option's name
) -> None:
    """Write all incidents to standard output."""
    state = current(context)
    with state.client("registrar", default=Purpose("statistics", "publicInterest")) as client:
        write = _write_csv if format is Format.CSV else _write_ndjson
        write(client.incidents.list())


def _write_ndjson(documents: Iterable[Mapping[str, Any]]) -> None:
    for document in documents:
        sys.stdout.write(json.dumps(document, ensure_ascii=False) + "\n")


def _write_csv(documents: Iterable[Mapping[str, Any]]) -> None:
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(COLUMNS)
    for document in documents:
        writer.writerow([_cell(document, column) for column in COLUMNS])


def _cell(document: Mapping[str, Any], column: str) -> str | int:
    value: Any = document
    for name in column.split("."):
        value = value.get(name, "") if isinstance(value, Mapping) else ""
    if isinstance(value, list):
        return ";".join(str(part) for part in value)
    if isinstance(value, str) and value.startswith(_FORMULA):
        return f"'{value}"  # a spreadsheet would run it
    return value if isinstance(value, int) else str(value)
