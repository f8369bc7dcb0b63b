"""`mpex outbox`: what waits to be sent."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from mpex_client.cli._failures import NOT_REACHED, REFUSED, failures_explained
from mpex_client.cli._state import current
from mpex_client.outbox import Outbox

__all__ = ["app"]

app = typer.Typer(no_args_is_help=True, help="What waits to be sent.")
File = Annotated[Path, typer.Argument(help="File of the outbox.", exists=True, dir_okay=False)]


@app.command("list")
def list_(context: typer.Context, file: File) -> None:
    """List the entries, without what they hold."""
    state = current(context)
    with failures_explained(state.err, as_json=state.as_json):
        entries = Outbox(file).entries()
    lines = [
        f"{entry.id}  {entry.operation}  {entry.state}"
        f"{f' ({entry.reason})' if entry.reason else ''}  until {entry.expires_at}"
        for entry in entries
    ]
    state.show([asdict(entry) for entry in entries], "\n".join(lines) or "The outbox is empty.")


@app.command()
def flush(context: typer.Context, file: File) -> None:
    """Send the entries, in order, as far as the node can be reached."""
    state = current(context)
    with state.client("registrar") as client:
        report = client.flush(Outbox(file))
    state.show(
        asdict(report), f"{report.sent} sent, {report.dead} refused or expired, {report.waiting} waiting."
    )
    if report.dead or report.waiting:
        raise typer.Exit(REFUSED if report.dead else NOT_REACHED)


@app.command()
def drop(context: typer.Context, file: File, entry: Annotated[str, typer.Argument()]) -> None:
    """Remove an entry unsent."""
    state = current(context)
    with failures_explained(state.err, as_json=state.as_json):
        Outbox(file).drop(entry)
    state.show({"dropped": entry}, f"Dropped {entry}.")
