"""`mpex tasks`: everything that waits for a person, due first."""

from pathlib import Path
from typing import Annotated, Any

import typer

from mpex_client.cli._state import current

__all__ = ["app"]

_OUTCOMES = frozenset({"identifications:read"})
app = typer.Typer(invoke_without_command=True, help="Everything that waits for a person, due first.")


@app.callback()
def list_(
    context: typer.Context,
    kind: Annotated[str | None, typer.Option(help="Only tasks of this kind.")] = None,
    role: Annotated[
        str | None, typer.Option(help="Only the work of this role; for supervisor, what was escalated too.")
    ] = None,
    overdue: Annotated[bool, typer.Option("--overdue", help="Only what is overdue.")] = False,
    outcomes: Annotated[
        bool, typer.Option("--outcomes", help="Also what tells of a death, for those who may know.")
    ] = False,
    ics: Annotated[
        Path | None, typer.Option(help="Write the due times to this iCalendar file, for your calendar.")
    ] = None,
) -> None:
    """List what waits for a person, due first."""
    if context.invoked_subcommand is not None:
        return
    state = current(context)
    with state.client("caseWorker", actions=_OUTCOMES if outcomes else frozenset()) as client:
        found = list(client.tasks.list(kind=kind, role=role, overdue=overdue))
        if ics is not None:
            text = client.tasks.calendar(kind=kind, role=role, overdue=overdue)
            ics.write_text(text, encoding="utf-8", newline="")
        state.show(found, "\n".join(_line(task) for task in found) or "Nothing waits.")


@app.command()
def done(
    context: typer.Context,
    task: Annotated[str, typer.Argument(metavar="TASK", help="task:…")],
    note: Annotated[str | None, typer.Option(help="Note for the file.")] = None,
    outcomes: Annotated[
        bool, typer.Option("--outcomes", help="The task tells of a death, and you may know.")
    ] = False,
) -> None:
    """Close a task of a kind that ends when a person says so."""
    state = current(context)
    with state.client("caseWorker", actions=_OUTCOMES if outcomes else frozenset()) as client:
        closed = client.tasks.complete(task, note=note)
        state.show(closed, f"{closed['taskId']} is done.")


def _line(task: dict[str, Any]) -> str:
    late = "  ESCALATED" if "escalatedAt" in task else ""
    told = "".join(f"\n  {each['kind']}, learnt {each['learntAt']}" for each in task.get("breaches", ()))
    line = f"{task['taskId']}  {task['kind']}  {task['state']}  {task['subject']}  due {task['dueAt']}"
    return line + late + told
