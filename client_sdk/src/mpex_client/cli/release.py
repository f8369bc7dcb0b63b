"""`mpex release-requests`: what partners ask this node for, and a person's decision on it."""

from typing import Annotated, Any

import typer

from mpex_client.cli._state import Purpose, current

__all__ = ["app"]

app = typer.Typer(no_args_is_help=True, help="Release requests of partners, to be decided by a person.")
OFFICER = Purpose("notifyFamily", "publicInterest")
Identifier = Annotated[str, typer.Argument(metavar="REQUEST", help="releaseRequest:…")]


@app.command("list")
def list_(
    context: typer.Context,
    state: Annotated[str | None, typer.Option(help="Only those in this state, for example pending.")] = None,
) -> None:
    """List the requests."""
    shared = current(context)
    with shared.client("releaseOfficer", default=OFFICER) as client:
        cases = list(client.release_cases.list(state=state))
        shared.show(cases, "\n".join(_line(case) for case in cases) or "No release requests.")


@app.command()
def show(context: typer.Context, request: Identifier) -> None:
    """Show one request: who asks for what and why, and what consent permits today."""
    shared = current(context)
    with shared.client("releaseOfficer", default=OFFICER) as client:
        case = client.release_cases.get(request)
        shared.show(case, "\n".join(_lines(case)))


@app.command()
def decide(
    context: typer.Context,
    request: Identifier,
    decision: Annotated[str, typer.Argument(help="approve, approveReduced, refuse or needMore")],
    category: Annotated[
        list[str] | None, typer.Option(help="Category to release (approveReduced); repeatable.")
    ] = None,
    cause: Annotated[str | None, typer.Option(help="Coded cause (refuse); it stays at this node.")] = None,
    question: Annotated[str | None, typer.Option(help="What is needed (needMore).")] = None,
    note: Annotated[str | None, typer.Option(help="Note for the file.")] = None,
) -> None:
    """Record your decision on a request."""
    shared = current(context)
    given = {"categories": category, "cause": cause, "question": question, "note": note}
    body = {"decision": decision} | {name: value for name, value in given.items() if value}
    with shared.client("releaseOfficer", default=OFFICER) as client:
        case = client.release_cases.decide(request, body)
        if "firstApproval" in case and case["state"] == "pending":
            shared.show(case, f"{case['releaseRequestId']} waits for the approval of a second person.")
            return
        granted = ", ".join(case.get("grantedCategories", ())) or "nothing"
        shared.show(case, f"{case['releaseRequestId']} is {case['state']}; released: {granted}.")


def _line(case: dict[str, Any]) -> str:
    late = "  OVERDUE" if case.get("escalated") else ""
    partner = case.get("partnerName", case["partner"])
    cells = [case["releaseRequestId"], case["state"], partner, case["purpose"], f"due {case['dueAt']}{late}"]
    return "  ".join(cells)


def _lines(case: dict[str, Any]) -> list[str]:
    rows = {
        "request": case["releaseRequestId"],
        "state": case["state"],
        "partner": f"{case.get('partnerName', '')} {case['partner']}".strip(),
        "record": case["record"],
        "purpose": case["purpose"],
        "case": case["caseReference"],
        "reason": case.get("reason", ""),
        "asked for": ", ".join(case["requestedCategories"]),
        "permitted": ", ".join(case["permittedCategories"]) or "nothing",
        "held": ", ".join(case["heldCategories"]) or "nothing",
        "granted": ", ".join(case.get("grantedCategories", ())),
        "due": case["dueAt"],
    }
    lines = [f"{name:<10} {value}" for name, value in rows.items() if value]
    for entry in case.get("dialogue", ()):
        lines += [f"asked      {entry['question']}", f"replied    {entry.get('reply', '')}".rstrip()]
    return lines
