"""Commands of the release officer, on the same services as the routes; decisions are logged alike."""

from typing import Annotated, Any

import typer

from mpex_server.disclosures.work import OwnWork
from mpex_server.http.spec import schema_validator
from mpex_server.kit import strict_json
from mpex_server.oauth import clients
from mpex_server.oauth.access import staff_actions
from mpex_server.release_requests import cases
from mpex_server.release_requests.requests import escalated
from mpex_server.setup import command
from mpex_server.setup.command import Folder

release_requests = typer.Typer(no_args_is_help=True, help="Decide on release requests of partners.")
RequestId = Annotated[str, typer.Argument(help="Identifier of the release request.")]
_MOST = 1000


@release_requests.command("list")
def show_all(
    directory: Folder,
    state: Annotated[str | None, typer.Option(help="Only those in this state.")] = None,
) -> None:
    """Print release requests, due first; an overdue one is marked with an exclamation mark."""
    with command.work(directory) as work:
        found = cases.listed(work, limit=_MOST, state=state)
        command.log(work, "read")
        for request in found:
            body, mark = request.body, "!" if escalated(request, work.now()) else " "
            line = (body["dueAt"], request.id, request.status, body["partner"], body["purpose"])
            typer.echo(f"{mark} {'  '.join(line)}")


@release_requests.command("show")
def show(directory: Folder, request_id: RequestId) -> None:
    """Print one release request with what consent permits today, as JSON."""
    with command.work(directory) as work:
        request = cases.find(work, request_id)
        command.log(work, "read", subject=request)
        _print(cases.view(work, request))


@release_requests.command("decide")
def decide(
    directory: Folder,
    request_id: RequestId,
    decision: Annotated[str, typer.Option(help="approve, approveReduced, refuse or needMore.")],
    category: Annotated[
        list[str] | None, typer.Option("--category", help="Category to release; repeatable.")
    ] = None,
    cause: Annotated[str | None, typer.Option(help="Coded cause of a refusal; stays here.")] = None,
    question: Annotated[str | None, typer.Option(help="What is needed, for the partner to read.")] = None,
    note: Annotated[str | None, typer.Option(help="Note for the file; stays here.")] = None,
    client_id: Annotated[
        str | None,
        typer.Option("--as", help="Release officer's client id; may be left out in a sandbox only."),
    ] = None,
) -> None:
    """Enter a decision and print the case, as JSON."""
    given = {"decision": decision, "categories": category, "cause": cause, "question": question, "note": note}
    body = {name: value for name, value in given.items() if value}
    if not schema_validator("release-decision").is_valid(body):
        raise typer.BadParameter(
            "approveReduced needs --category, refuse needs --cause, needMore needs --question; "
            "categories and causes are codes of their lists",
            param_hint="--decision",
        )
    with command.work(directory) as work:
        officer, person = _officer(work, client_id)
        decided = cases.decide(work, cases.find(work, request_id), body, decided_by=person)
        command.log(work, "releaseDecision", decided.status, actor=officer, subject=decided)
        _print(cases.view(work, decided))


def _officer(work: OwnWork, client_id: str | None) -> tuple[str, str]:
    """Return the client that decides, and its person: one answers for every release (REL-001)."""
    if client_id is None:
        if work.settings.sandbox:
            return command.OPERATOR, command.OPERATOR
        raise typer.BadParameter("say who decides: the client id of a release officer", param_hint="--as")
    client = clients.find(work.conn, client_id, work.now())
    if client is None or "releaseCases:decide" not in staff_actions(client.roles):
        raise typer.BadParameter("no client of this node that may decide on releases", param_hint="--as")
    return client_id, client.person


def _print(case: dict[str, Any]) -> None:
    typer.echo(strict_json.dumps(case).decode())
