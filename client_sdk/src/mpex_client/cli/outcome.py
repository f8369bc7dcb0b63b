"""`mpex identifications` and `identity-errors`: who somebody is, how a family was told, and doubts."""

from typing import Annotated, Any

import typer

from mpex_client.cli._failures import failures_explained
from mpex_client.cli._files import DocumentFile, read_document
from mpex_client.cli._state import Purpose, current

__all__ = ["doubts", "identifications"]

identifications = typer.Typer(no_args_is_help=True, help="Who somebody is, and how the family was told.")
doubts = typer.Typer(no_args_is_help=True, help="Reports that somebody was taken for somebody else.")
Identified = Annotated[str, typer.Argument(metavar="IDENTIFICATION", help="identification:…")]
_USUAL = Purpose("identifyDeceased", "publicInterest")
_DEATHS = frozenset({"deaths:assert"})
_ROLE = "releaseOfficer"


@identifications.command()
def record(context: typer.Context, source: DocumentFile) -> None:
    """Record an identification; one of a death is under embargo until the family was told."""
    state = current(context)
    with failures_explained(state.err, as_json=state.as_json):
        body = read_document(source)
    actions = _DEATHS if body.get("conclusion") == "deceased" else frozenset[str]()
    with state.client(_ROLE, default=_USUAL, actions=actions) as client:
        made = client.identifications.create(body)
        state.show(made, _line(made))


@identifications.command("list")
def list_identifications(context: typer.Context) -> None:
    """List identifications."""
    state = current(context)
    with state.client(_ROLE, default=_USUAL) as client:
        found = list(client.identifications.list())
        state.show(found, "\n".join(_line(entry) for entry in found) or "No identifications.")


@identifications.command()
def notify(context: typer.Context, identification: Identified, source: DocumentFile) -> None:
    """Record that a trained person told the family; ends the embargo."""
    state = current(context)
    with state.client("caseWorker", _ROLE, default=_USUAL) as client:
        made = client.identifications.notify(identification, read_document(source))
        state.show(made, _line(made))


@identifications.command()
def lift(
    context: typer.Context,
    identification: Identified,
    officer: Annotated[str, typer.Option(help="Name of the officer who answers for it.")],
    reason: Annotated[str, typer.Option(help="Why nobody can be told first.")],
) -> None:
    """End an embargo by the word of a named officer."""
    state = current(context)
    with state.client(_ROLE, default=_USUAL) as client:
        made = client.identifications.lift_embargo(identification, {"officer": officer, "reason": reason})
        state.show(made, _line(made))


@identifications.command()
def propose(
    context: typer.Context,
    identification: Identified,
    received: Annotated[str, typer.Argument(metavar="RELEASE", help="receivedRelease:…")],
) -> None:
    """Propose an identification to the node whose release it relies on."""
    state = current(context)
    with state.client(_ROLE, default=_USUAL) as client:
        made = client.identifications.propose(identification, received)
        state.show(made, _proposed(made))


@identifications.command()
def proposals(context: typer.Context) -> None:
    """List what was proposed to partners, and by them."""
    state = current(context)
    with state.client(_ROLE, default=_USUAL) as client:
        found = list(client.joint_proposals.list())
        state.show(found, "\n".join(_proposed(entry) for entry in found) or "Nothing was proposed.")


@identifications.command()
def answer(
    context: typer.Context,
    proposal: Annotated[str, typer.Argument(metavar="PROPOSAL", help="jointProposal:…")],
    concur: Annotated[str | None, typer.Option(help="The own identification that says the same.")] = None,
    disagree: Annotated[str | None, typer.Option(help="Code of the list `disagreementReasons`.")] = None,
) -> None:
    """Concur with what a partner proposes, or disagree."""
    if bool(concur) == bool(disagree):
        raise typer.BadParameter("give --concur or --disagree")
    body = {"answer": "concur", "identification": concur}
    if disagree:
        body = {"answer": "disagree", "reason": disagree}
    state = current(context)
    with state.client(_ROLE, default=_USUAL) as client:
        made = client.joint_proposals.answer(proposal, body)
        state.show(made, _proposed(made))


@doubts.command()
def report(
    context: typer.Context,
    record_id: Annotated[str, typer.Argument(metavar="RECORD", help="person:… or remains:…")],
    reason: Annotated[str, typer.Option(help="What speaks against the identity.")],
    by: Annotated[str, typer.Option(help="Who reports it: enquirer, person, partner, staff.")] = "enquirer",
) -> None:
    """Take a report of a wrong identity."""
    state = current(context)
    with state.client("caseWorker", "registrar") as client:
        made = client.identity_errors.create({"record": record_id, "reportedBy": by, "reason": reason})
        state.show(made, f"Taken as {made['identityErrorId']}; answer within two working days.")


@doubts.command("list")
def list_doubts(context: typer.Context) -> None:
    """List reports of a wrong identity."""
    state = current(context)
    with state.client("caseWorker", "registrar") as client:
        found = list(client.identity_errors.list())
        state.show(found, "\n".join(_doubt(entry) for entry in found) or "Nobody was mistaken.")


@doubts.command("answer")
def answer_doubt(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="REPORT", help="identityError:…")],
    outcome: Annotated[str, typer.Argument(metavar="confirmed|refuted|undecided")],
    text: Annotated[str, typer.Option(help="What whoever reported it may be told.")],
) -> None:
    """Record what came of a report."""
    state = current(context)
    with state.client(_ROLE) as client:
        made = client.identity_errors.answer(name, {"outcome": outcome, "text": text})
        state.show(made, _doubt(made))


def _line(entry: Any) -> str:
    embargo = "  UNDER EMBARGO" if entry.get("embargoed") else ""
    return f"{entry['identificationId']}  {entry['conclusion']}  {entry['state']}{embargo}"


def _proposed(entry: Any) -> str:
    told = [word for word, name in (("family told", "notifiedAt"), ("REVOKED", "revokedAt")) if name in entry]
    return "  ".join([entry["proposalId"], entry["state"], entry["record"], f"from {entry['from']}", *told])


def _doubt(entry: Any) -> str:
    outcome = entry.get("answer", {}).get("outcome", "waits")
    return f"{entry['identityErrorId']}  {outcome}  {entry['record']}"
