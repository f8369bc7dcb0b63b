"""`mpex matches`: what a person decided on two records, or on a record and a release."""

from typing import Annotated, Any

import typer

from mpex_client.cli._state import current

__all__ = ["app"]

app = typer.Typer(no_args_is_help=True, help="Decisions on whether two sides are about one person.")
Side = Annotated[str, typer.Argument(metavar="SIDE", help="person:…, remains:… or receivedRelease:…")]


@app.command("list")
def list_(context: typer.Context) -> None:
    """List the decisions, oldest first."""
    state = current(context)
    with state.client("caseWorker") as client:
        found = list(client.matches.list())
        state.show(found, "\n".join(_line(match) for match in found) or "No matches.")


@app.command()
def decide(
    context: typer.Context,
    one: Side,
    other: Side,
    decision: Annotated[str, typer.Argument(metavar="possible|notSame", help="What you decided.")],
    evidence: Annotated[
        list[str] | None,
        typer.Option(metavar="CATEGORY=AGREEMENT", help="As birth=agrees; repeatable."),
    ] = None,
) -> None:
    """Record a decision; `notSame` keeps the two apart in later searches."""
    body = {
        "subjects": [_subject(one), _subject(other)],
        "decision": decision,
        "evidence": [_evidence(entry) for entry in evidence or ()],
    }
    state = current(context)
    with state.client("caseWorker") as client:
        made = client.matches.create(body)
        state.show(made, _line(made))


def _subject(side: str) -> dict[str, str]:
    return {"receivedRelease" if side.startswith("receivedRelease:") else "record": side}


def _evidence(entry: str) -> dict[str, str]:
    category, found, agreement = entry.partition("=")
    if not found:
        raise typer.BadParameter("evidence is written CATEGORY=AGREEMENT, as birth=agrees")
    return {"category": category, "agreement": agreement}


def _line(match: Any) -> str:
    sides = "  ".join(value for side in match["subjects"] for value in side.values())
    return f"{match['matchId']}  {match['decision']}  {sides}"
