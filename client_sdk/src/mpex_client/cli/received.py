"""`mpex received`: what partners released to this node, and a person's decisions on it."""

import json
from typing import Annotated, Any

import typer

from mpex_client.cli._state import Purpose, current
from mpex_client.cli._terms import instant_of

__all__ = ["app", "lines"]

app = typer.Typer(no_args_is_help=True, help="What partners released to this node.")
_OFFICER = Purpose("searchLiving", "publicInterest")
Received = Annotated[str, typer.Argument(metavar="RELEASE", help="receivedRelease:…")]


@app.command("list")
def list_(context: typer.Context) -> None:
    """List what was received, with its conditions and state."""
    state = current(context)
    with state.client("caseWorker") as client:
        found = list(client.received_releases.list())
        state.show(found, "\n".join(_line(release) for release in found) or "Nothing was received.")


@app.command()
def show(context: typer.Context, release: Received) -> None:
    """Show a release, with its data while they may be used; --purpose has to be that of the release."""
    state = current(context)
    with state.client("caseWorker") as client:
        found = client.received_releases.get(release)
        state.show(found, "\n".join(lines(found)))


@app.command("passed-on")
def passed_on(context: typer.Context, release: Received) -> None:
    """List to whom a release was offered."""
    state = current(context)
    with state.client("releaseOfficer", default=_OFFICER) as client:
        found = client.received_releases.passed_on(release)
        told = (f"{offer['onwardId']}  {offer['state']}  {offer['partner']}" for offer in found["items"])
        state.show(found, "\n".join(told) or "It was offered to nobody.")


@app.command("report-breach")
def report_breach(
    context: typer.Context,
    release: Received,
    kind: Annotated[str, typer.Argument(metavar="breach|compelledDisclosure", help="What happened.")],
    learnt: Annotated[str | None, typer.Option(help="When it became known; now when absent.")] = None,
) -> None:
    """Tell whoever released the data, and their origin, that they got into other hands."""
    state = current(context)
    body = {"kind": kind, "learntAt": instant_of(learnt)}
    with state.client("releaseOfficer", default=_OFFICER) as client:
        told = client.received_releases.report_breach(release, body)
        state.show(told, f"Reported: {_line(told)}")


@app.command()
def retain(
    context: typer.Context,
    release: Received,
    reason: Annotated[str, typer.Argument(help="courtOrder, forensicRecord, criminalProceedings, …")],
    review: Annotated[str, typer.Argument(metavar="DATE", help="Day of review, within a year.")],
) -> None:
    """Declare that a law compels this node to keep a release."""
    state = current(context)
    with state.client("releaseOfficer", default=_OFFICER) as client:
        kept = client.received_releases.retain(release, {"reason": reason, "reviewDate": review})
        state.show(kept, _line(kept))


@app.command()
def erase(context: typer.Context, release: Received) -> None:
    """Erase a release before its time."""
    state = current(context)
    with state.client("releaseOfficer", default=_OFFICER) as client:
        gone = client.received_releases.erase(release)
        state.show(gone, _line(gone))


@app.command("pass-on")
def pass_on(
    context: typer.Context,
    release: Received,
    partner: Annotated[str, typer.Argument(metavar="NODE", help="node:…")],
    category: Annotated[list[str] | None, typer.Option(help="Only these categories; repeatable.")] = None,
) -> None:
    """Offer a release to another partner, within its conditions."""
    state = current(context)
    body: dict[str, Any] = {"partner": partner} | ({"categories": category} if category else {})
    with state.client("releaseOfficer", default=_OFFICER) as client:
        offer = client.received_releases.pass_on(release, body)
        waits = "waits for the origin" if offer["state"] == "pending" else "may be collected"
        state.show(offer, f"{offer['onwardId']} {waits}.")


def lines(release: dict[str, Any]) -> list[str]:
    """Return what a person reads of a release: its state, its conditions, and each value."""
    duties = release["obligations"]
    told = [_line(release), f"  passing on: {duties['onward']}", f"  delete by {duties['deleteBy']}"]
    for category, disclosed in release.get("disclosures", {}).items():
        values = (json.dumps(entry["value"], ensure_ascii=False) for entry in disclosed["values"])
        told += [f"  {category}: {value}" for value in values]
    return told


def _line(release: dict[str, Any]) -> str:
    mark = "  DISPUTED" if release.get("disputed") else ""
    cells = [release["receivedReleaseId"], release["state"], release["from"], release["purpose"]]
    return "  ".join(cells) + f"  until {release['validUntil']}{mark}"
