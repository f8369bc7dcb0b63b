"""`mpex partner-requests`: ask a partner for more on a hit, reply to its question, collect the release."""

from typing import Annotated, Any

import typer

from mpex_client.cli._state import current
from mpex_client.cli.received import lines

__all__ = ["app"]

app = typer.Typer(no_args_is_help=True, help="Release requests of this node at partners.")
Asked = Annotated[str, typer.Argument(metavar="REQUEST", help="partnerReleaseRequest:…")]


@app.command()
def ask(
    context: typer.Context,
    search: Annotated[str, typer.Argument(metavar="SEARCH", help="partnerSearch:… that brought the hit")],
    partner: Annotated[str, typer.Argument(metavar="NODE", help="node:… that gave the hit")],
    reference: Annotated[str, typer.Argument(metavar="REFERENCE", help="Reference of the hit.")],
    reason: Annotated[str, typer.Option(help="Why it is needed; a person at the partner reads it.")],
    release_set: Annotated[str | None, typer.Option("--set", help="What is asked for, as a set.")] = None,
    category: Annotated[list[str] | None, typer.Option(help="Or by category; repeatable.")] = None,
) -> None:
    """Ask for more on a possible hit."""
    if not release_set and not category:
        raise typer.BadParameter("say what is asked for with --set or --category")
    body: dict[str, Any] = {"partnerSearch": search, "partner": partner, "hitReference": reference}
    wanted = {"releaseSet": release_set, "categories": category}
    body |= {"reason": reason} | {name: value for name, value in wanted.items() if value}
    state = current(context)
    with state.client("caseWorker") as client:
        made = client.partner_release_requests.create(body)
        state.show(made, "\n".join(_lines(made)))


@app.command()
def show(context: typer.Context, request: Asked) -> None:
    """Ask the partner for the state of a request."""
    state = current(context)
    with state.client("caseWorker") as client:
        found = client.partner_release_requests.get(request)
        state.show(found, "\n".join(_lines(found)))


@app.command()
def reply(
    context: typer.Context,
    request: Asked,
    text: Annotated[str, typer.Argument(metavar="TEXT", help="What the partner wants to know.")],
) -> None:
    """Reply to the partner's question."""
    state = current(context)
    with state.client("caseWorker") as client:
        made = client.partner_release_requests.reply(request, text)
        state.show(made, "\n".join(_lines(made)))


@app.command()
def collect(context: typer.Context, request: Asked) -> None:
    """Fetch what the partner approved, or offers, and keep it under its conditions."""
    state = current(context)
    with state.client("caseWorker") as client:
        received = client.partner_release_requests.collect(request)
        state.show(received, "\n".join(lines(received)))


def _lines(request: dict[str, Any]) -> list[str]:
    status = request["status"]
    late = "  OVERDUE" if status["escalated"] else ""
    told = [f"{request['partnerReleaseRequestId']}  {status['state']}  due {status['dueAt']}{late}"]
    told += [f"  granted: {', '.join(status['grantedCategories'])}"] if "grantedCategories" in status else []
    told += [f"  asked: {status['question']}"] if "question" in status else []
    return told + ([f"  collected as {request['receivedRelease']}"] if "receivedRelease" in request else [])
