"""`mpex export`: incidents and persons as one document a line, and in the formats that the field uses."""

import csv
import json
import sys
from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Annotated, Any

import typer

from mpex_client.cli._state import Purpose, current
from mpex_client.cli._terms import instant_of
from mpex_client.exporters.mmp import cell, write_mmp
from mpex_client.exporters.pfif import write_pfif

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


class Format(StrEnum):
    """Formats of an export."""

    CSV = "csv"
    MMP = "mmp"
    NDJSON = "ndjson"


@app.callback()
def main() -> None:
    """Export what this node holds."""


@app.command()
def incidents(
    context: typer.Context,
    format: Annotated[Format, typer.Option(help="csv, mmp (25 columns and HXL tags) or ndjson")] = Format.CSV,  # noqa: A002 - the option's name
) -> None:
    """Write all incidents to standard output."""
    state = current(context)
    with state.client("registrar", default=Purpose("statistics", "publicInterest")) as client:
        _WRITERS[format](client.incidents.list())


@app.command()
def persons(context: typer.Context) -> None:
    """Write all person records to standard output, one JSON document a line. They are personal data."""
    state = current(context)
    with state.client("registrar") as client:
        _write_ndjson(client.persons.list())


class Version(StrEnum):
    """Versions of PFIF that are written."""

    V1_3 = "1.3"
    V1_4 = "1.4"


@app.command()
def pfif(
    context: typer.Context,
    version: Annotated[Version, typer.Option(help="1.3 or 1.4")] = Version.V1_4,
    as_of: Annotated[
        str | None, typer.Option(help="Write the file as on this day: who has expired is a tombstone. Now.")
    ] = None,
) -> None:
    """Write the people that came by PFIF files to standard output as such a file again."""
    state = current(context)
    moment = instant_of(as_of)
    with state.client("registrar") as client:
        counts = write_pfif(client.persons.list(), sys.stdout, version=version, as_of=moment)
    state.err.print(", ".join(f"{count} {name}" for name, count in counts.items()))


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
    return value if isinstance(value, int) else cell(str(value))


def _write_mmp(documents: Iterable[Mapping[str, Any]]) -> None:
    write_mmp(documents, sys.stdout)


_WRITERS = {Format.CSV: _write_csv, Format.MMP: _write_mmp, Format.NDJSON: _write_ndjson}
