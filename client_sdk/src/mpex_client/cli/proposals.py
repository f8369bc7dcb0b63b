"""`mpex proposals`: changes that this node proposes to custodians, and that partners propose to it."""

from typing import Annotated, Any

import typer

from mpex_client.cli._state import Purpose, current

__all__ = ["app"]

app = typer.Typer(no_args_is_help=True, help="Changes of records that recipients of releases propose.")
_OFFICER = Purpose("searchLiving", "publicInterest")
Proposal = Annotated[str, typer.Argument(metavar="PROPOSAL", help="changeProposal:…")]


@app.command("list")
def list_(context: typer.Context) -> None:
    """List proposals of both directions."""
    state = current(context)
    with state.client("caseWorker", "releaseOfficer") as client:
        found = list(client.change_proposals.list())
        state.show(found, "\n".join(_line(proposal) for proposal in found) or "Nothing was proposed.")


@app.command()
def show(context: typer.Context, proposal: Proposal) -> None:
    """Show a proposal, and what of the record says otherwise than what was collected of it."""
    state = current(context)
    with state.client("caseWorker", "releaseOfficer") as client:
        found = client.change_proposals.get(proposal)
        state.show(found, "\n".join([_line(found), *map(_contradicted, found.get("contradicts", ()))]))


@app.command()
def make(
    context: typer.Context,
    release: Annotated[str, typer.Argument(metavar="RELEASE", help="receivedRelease:…")],
    record: Annotated[str, typer.Argument(metavar="RECORD", help="Own record that says more, or otherwise.")],
    category: Annotated[list[str], typer.Option(help="What of it is proposed; repeatable.")],
    contradicts: Annotated[str | None, typer.Option(help="contribution:… that is wrong.")] = None,
) -> None:
    """Propose to the custodian of a release to add to the record, or to correct it."""
    state = current(context)
    with state.client("releaseOfficer", default=_OFFICER) as client:
        basis = state.legal_basis or _OFFICER.legal_basis
        draft: dict[str, Any] = {"kind": "addition", "record": record, "categories": category}
        draft |= {"legalBasis": basis}
        draft |= {"kind": "correction", "contribution": contradicts} if contradicts else {}
        made = client.received_releases.propose(release, draft)
        state.show(made, _line(made))


@app.command()
def accept(context: typer.Context, proposal: Proposal) -> None:
    """Take what was collected into the record; it stays as long as its release may be used."""
    _answer(context, proposal, {"answer": "accept"})


@app.command()
def decline(
    context: typer.Context,
    proposal: Proposal,
    reason: Annotated[str, typer.Option(help="known, notSupported, otherPerson, other")],
) -> None:
    """Leave the record as it is, and erase what was collected; the reason stays here."""
    _answer(context, proposal, {"answer": "decline", "reason": reason})


def _answer(context: typer.Context, proposal: str, given: dict[str, str]) -> None:
    state = current(context)
    with state.client("caseWorker") as client:
        answered = client.change_proposals.answer(proposal, given)
        state.show(answered, _line(answered))


def _contradicted(entry: dict[str, Any]) -> str:
    return f"  says otherwise: {entry['contribution']}  {entry['category']}: {', '.join(entry['members'])}"


def _line(proposal: dict[str, Any]) -> str:
    to_collect = proposal.get("partnerReleaseRequest", "")
    cells = [proposal[name] for name in ("changeProposalId", "kind", "state", "from", "to")]
    return "  ".join([*cells, ", ".join(proposal["categories"]), to_collect]).rstrip()
