"""`mpex persons`: one record, its changes, and what a located person lets others learn."""

import json
from typing import Annotated, Any

import typer

from mpex_client.cli._state import current

__all__ = ["app"]

app = typer.Typer(no_args_is_help=True, help="Records of persons, once they are registered.")
Record = Annotated[str, typer.Argument(metavar="RECORD", help="person:…")]


@app.command()
def show(context: typer.Context, record: Record) -> None:
    """Show a record as this node keeps it."""
    state = current(context)
    with state.client("registrar", "caseWorker") as client:
        found = client.persons.get(record)
        state.show(found, json.dumps(found, ensure_ascii=False, indent=2))


@app.command()
def changes(context: typer.Context, record: Record) -> None:
    """List every change of a record: its version, when, by whom and why."""
    state = current(context)
    with state.client("registrar", "caseWorker") as client:
        found = client.persons.changes(record)
        state.show(found, "\n".join(_change(entry) for entry in found["items"]) or "Never changed.")


@app.command()
def choice(
    context: typer.Context,
    record: Record,
    may_tell: Annotated[
        str, typer.Argument(metavar="contact|messageOnly|aliveOnly|nothing", help="What may be told.")
    ],
    task: Annotated[
        str | None, typer.Option(help="task:… that this answers; none when the person chooses unasked.")
    ] = None,
    message: Annotated[str | None, typer.Option(help="Words of the person to pass on.")] = None,
    ground: Annotated[
        str | None, typer.Option(help="child or lacksCapacity, where another decides for the person.")
    ] = None,
    decider: Annotated[str | None, typer.Option(help="Who decided for the person: body and officer.")] = None,
    reason: Annotated[str | None, typer.Option(help="Why it is best for the person.")] = None,
) -> None:
    """Record what a located person lets whoever asks learn; the person decides, unless --ground is given."""
    given = {"task": task, "message": message, "ground": ground, "decider": decider, "reason": reason}
    body = {"mayTell": may_tell, "decidedBy": "bestInterests" if ground else "person"}
    state = current(context)
    with state.client("caseWorker", "registrar") as client:
        made = client.persons.record_choice(
            record, body | {name: said for name, said in given.items() if said}
        )
        state.show(made, f"May be told: {made['mayTell']}.")


def _change(entry: Any) -> str:
    return f"version {entry['version']}  {entry['at']}  {entry['changedBy']}  {entry['reason']}"
