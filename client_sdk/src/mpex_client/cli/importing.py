"""`mpex import`: files that the field already uses."""

from pathlib import Path
from typing import Annotated, Any

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from mpex_client.cli._failures import PARTIAL
from mpex_client.cli._state import Purpose, State, current
from mpex_client.cli._terms import directive_of, envelope_of, instant_of
from mpex_client.importers.mapped import WARNINGS as UNCLEAR
from mpex_client.importers.mapped import import_mapped, load_mapping, rows_of
from mpex_client.importers.mmp import WARNINGS, count_rows, import_mmp
from mpex_client.importers.pfif import import_pfif, survey

__all__ = ["app"]

app = typer.Typer(no_args_is_help=True, help="Import files that the field already uses.")
STATISTICS = Purpose("statistics", "publicInterest")

_Mapping = Annotated[Path, typer.Option(help="How to read the file (YAML); see `mpex mapping`.")]
_Directive = Annotated[
    str | None, typer.Option(help="directive:… or a JSON file. Without one, nothing is shared.")
]
_Basis = Annotated[
    str | None, typer.Option(help="Legal basis of the records; that of the directive unless given.")
]
_Synthetic = Annotated[bool, typer.Option("--synthetic", help="Mark the records as made up.")]
_Report = Annotated[Path | None, typer.Option(help="Write the outcome of every row here (JSON).")]


@app.callback()
def main() -> None:
    """Import files that the field already uses."""


@app.command()
def mmp(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="Missing Migrants file (CSV) of any year.")],
    directive: Annotated[
        str, typer.Option(help="directive:… or a JSON file with the directive to register first.")
    ],
    report: Annotated[
        Path | None, typer.Option(help="Write the outcome of every row and the totals here (JSON).")
    ] = None,
) -> None:
    """Import incidents of IOM's Missing Migrants Project. Importing a file again changes nothing."""
    state = current(context)
    with state.client("registrar", default=STATISTICS) as client, _bar(state) as bar:
        task = bar.add_task("rows", total=count_rows(file))
        summary = import_mmp(
            client,
            file,
            directive=directive_of(client, directive),
            report_path=report,
            on_rows=lambda rows: bar.advance(task, rows),
        )
    state.show(summary, "\n".join(_lines(summary)))
    if summary["outcomes"]["rejected"]:
        raise typer.Exit(PARTIAL)


@app.command()
def pfif(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="PFIF file (XML) of version 1.2, 1.3 or 1.4.")],
    directive: _Directive = None,
    basis: _Basis = None,
    as_of: Annotated[
        str | None, typer.Option(help="Read the file as on this day (2026-11-21): who has expired? Now.")
    ] = None,
    synthetic: _Synthetic = False,
    report: _Report = None,
) -> None:
    """Import people and notes of a PFIF file. Importing a file again changes nothing."""
    state = current(context)
    moment = instant_of(as_of)
    with state.client("registrar") as client, _bar(state) as bar:
        task = bar.add_task("people", total=survey(file).people)
        known = directive_of(client, directive)
        summary = import_pfif(
            client,
            file,
            envelope=envelope_of(client, known, basis, synthetic=synthetic),
            as_of=moment,
            directive=known,
            report_path=report,
            on_rows=lambda rows: bar.advance(task, rows),
        )
    _show_people(state, summary)


@app.command()
def csv(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="Table (CSV) with a header.")],
    mapping: _Mapping,
    directive: _Directive = None,
    basis: _Basis = None,
    synthetic: _Synthetic = False,
    report: _Report = None,
) -> None:
    """Import people of a table by a mapping. Importing a file again changes nothing."""
    _by_mapping(current(context), file, mapping, directive, basis, synthetic, report)


@app.command()
def jsonl(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="File with one JSON object a line (.jsonl or .ndjson).")],
    mapping: _Mapping,
    directive: _Directive = None,
    basis: _Basis = None,
    synthetic: _Synthetic = False,
    report: _Report = None,
) -> None:
    """Import people of a file with one JSON object a line by a mapping. Importing again changes nothing."""
    _by_mapping(current(context), file, mapping, directive, basis, synthetic, report)


def _by_mapping(
    state: State,
    file: Path,
    mapping: Path,
    directive: str | None,
    basis: str | None,
    synthetic: bool,
    report: Path | None,
) -> None:
    with state.client("registrar") as client, _bar(state) as bar:
        read = load_mapping(mapping)
        task = bar.add_task("rows", total=None)
        known = directive_of(client, directive)
        summary = import_mapped(
            client,
            rows_of(file, read),
            read,
            envelope=envelope_of(client, known, basis, synthetic=synthetic),
            directive=known,
            report_path=report,
            on_rows=lambda rows: bar.advance(task, rows),
        )
    _show_people(state, summary)


def _show_people(state: State, summary: dict[str, Any]) -> None:
    rows, stored = summary["outcomes"], summary["stored"]
    lines = [f"{sum(rows.values())} rows: " + ", ".join(f"{count} {name}" for name, count in rows.items())]
    lines.append("Stored: " + ", ".join(f"{count} {name}" for name, count in stored.items()))
    read = ("people", "notes", "tombstones")
    if "people" in summary:
        lines.append("Read: " + ", ".join(f"{summary[name]} {name}" for name in read))
    lines += [f"  {n:>5}  {code}: {UNCLEAR[code]}" for code, n in summary["warnings"].items()]
    if not summary["directive"]:
        lines.append("No directive: the records are held and not shared.")
    state.show(summary, "\n".join(lines))
    if rows["rejected"]:
        raise typer.Exit(PARTIAL)


def _bar(state: State) -> Progress:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    return Progress(*columns, console=state.err, disable=state.as_json or not state.err.is_terminal)


def _lines(summary: dict[str, Any]) -> list[str]:
    rows, stored, totals = summary["outcomes"], summary["stored"], summary["totals"]["all"]
    lines = [
        f"{sum(rows.values())} rows: " + ", ".join(f"{count} {name}" for name, count in rows.items()),
        "Stored: " + ", ".join(f"{count} {name}" for name, count in stored.items()),
        "The node now holds: " + ", ".join(f"{count} {name}" for name, count in totals.items()),
    ]
    lines += [f"  {count:>5}  {code}: {WARNINGS[code]}" for code, count in summary["warnings"].items()]
    lines += [f"Directive: {summary['directive']}"]
    return lines
