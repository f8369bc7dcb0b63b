"""`mpex recalls`: what this node called back, and what each recipient has done about it."""

from typing import Annotated, Any

import typer

from mpex_client.cli._state import Purpose, current

__all__ = ["app"]

app = typer.Typer(invoke_without_command=True, help="Recalls, and what each recipient has done about them.")
_OFFICER = Purpose("notifyFamily", "publicInterest")


@app.callback()
def list_(
    context: typer.Context,
    overdue: Annotated[bool, typer.Option("--overdue", help="Only those not answered in time.")] = False,
) -> None:
    """List recalls, oldest first."""
    if context.invoked_subcommand is not None:
        return
    state = current(context)
    with state.client("caseWorker") as client:
        found = list(client.recalls.list(state="overdue" if overdue else None))
        state.show(found, "\n".join(_lines(recall) for recall in found) or "No recalls.")


@app.command()
def declare(
    context: typer.Context,
    record: Annotated[str, typer.Argument(metavar="RECORD", help="person:… or remains:…")],
    cause: Annotated[str, typer.Argument(metavar="CAUSE", help="dispute, resolution or missedReview")],
) -> None:
    """Call back what partners received of a record."""
    state = current(context)
    with state.client("releaseOfficer", default=_OFFICER) as client:
        recall = client.recalls.create({"record": record, "cause": cause})
        state.show(recall, _lines(recall))


def _lines(recall: dict[str, Any]) -> str:
    head = f"{recall['recallId']}  {recall['cause']}  {recall['record']}  {recall['createdAt']}"
    return "\n".join([head, *(_recipient(entry) for entry in recall["recipients"])])


def _recipient(entry: dict[str, Any]) -> str:
    late = "  OVERDUE" if entry.get("overdue") else ""
    done = entry.get("outcome", entry["state"])
    law = f" ({entry['reason']}, review {entry['reviewDate']})" if "reviewDate" in entry else ""
    return f"  {entry['partner']}  {entry['kind']}  {done}{law}  due {entry['dueAt']}{late}"
