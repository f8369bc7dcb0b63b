"""Commands of the release officer, on the same services as the routes; decisions are logged alike."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer

from mpex_server.audit import leaves
from mpex_server.disclosures.work import OwnWork
from mpex_server.errors import Problem
from mpex_server.http import problems
from mpex_server.http.spec import schema_validator
from mpex_server.keys import FileKeys
from mpex_server.kit import strict_json
from mpex_server.kit.clock import SystemClock, instant
from mpex_server.release_requests import cases
from mpex_server.release_requests.requests import escalated
from mpex_server.setup import folder
from mpex_server.storage.documents import Document
from mpex_server.storage.engine import make_engine, transaction

release_requests = typer.Typer(no_args_is_help=True, help="Decide on release requests of partners.")
Folder = Annotated[Path, typer.Option("--dir", help="Folder of the node.")]
RequestId = Annotated[str, typer.Argument(help="Identifier of the release request.")]
OPERATOR = "operator"
"""Actor in the log of what is done by command: somebody who holds the node's keys."""
_MOST = 1000


@release_requests.command("list")
def show_all(
    directory: Folder,
    state: Annotated[str | None, typer.Option(help="Only those in this state.")] = None,
) -> None:
    """Print release requests, due first; an overdue one is marked with an exclamation mark."""
    with _work(directory) as work:
        found = cases.listed(work, limit=_MOST, state=state)
        _log(work, "read", "done", None)
        for request in found:
            body, mark = request.body, "!" if escalated(request, work.now()) else " "
            line = (body["dueAt"], request.id, request.status, body["partner"], body["purpose"])
            typer.echo(f"{mark} {'  '.join(line)}")


@release_requests.command("show")
def show(directory: Folder, request_id: RequestId) -> None:
    """Print one release request with what consent permits today, as JSON."""
    with _work(directory) as work:
        request = cases.find(work, request_id)
        _log(work, "read", "done", request)
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
    with _work(directory) as work:
        decided = cases.decide(work, cases.find(work, request_id), body, decided_by=OPERATOR)
        _log(work, "releaseDecision", decided.status, decided)
        _print(cases.view(work, decided))


@contextmanager
def _work(directory: Path) -> Iterator[OwnWork]:
    """Yield one unit of work on the node in a folder; a refusal ends the command with status 1."""
    settings = folder.load(directory)
    engine = make_engine(settings.database_url, threads=1)
    try:
        with transaction(engine) as conn:
            yield OwnWork(conn, FileKeys(settings.key_dir), SystemClock(), settings)
    except Problem as problem:
        document = problems.document(problem, "urn:mpex:command")
        places = "".join(f"\n{fault['pointer']}: {fault['detail']}" for fault in document.get("errors", ()))
        typer.echo(f"{document['title']}. {document['detail']}{places}\n{document['remedy']}", err=True)
        raise typer.Exit(1) from None
    finally:
        engine.dispose()


def _log(work: OwnWork, event: str, outcome: str, subject: Document | None) -> None:
    leaves.write(
        work.conn,
        work.keys,
        at=instant(work.now()),
        event=event,
        outcome=outcome,
        actor=OPERATOR,
        subject=subject,
    )


def _print(case: dict[str, Any]) -> None:
    typer.echo(strict_json.dumps(case).decode())
