"""`mpex import`: files that the field already uses."""

from pathlib import Path
from typing import Annotated, Any

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from mpex_client.cli._failures import PARTIAL
from mpex_client.cli._state import Purpose, State, current
from mpex_client.importers.mmp import WARNINGS, count_rows, import_mmp, register_directive

__all__ = ["app"]

app = typer.Typer(no_args_is_help=True, help="Import files that the field already uses.")
STATISTICS = Purpose("statistics", "publicInterest")


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
        known = directive.startswith("directive:")
        identifier = directive if known else register_directive(client, Path(directive))
        summary = import_mmp(
            client,
            file,
            directive=identifier,
            report_path=report,
            on_rows=lambda rows: bar.advance(task, rows),
        )
    state.show(summary, "\n".join(_lines(summary)))
    if summary["outcomes"]["rejected"]:
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
