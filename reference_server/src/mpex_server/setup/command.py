"""What a command on a node's folder needs: one unit of work, and the entry of the log for what it did."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Annotated, Literal

import typer

from mpex_server.audit import leaves
from mpex_server.audit.leaves import Vouched
from mpex_server.disclosures.work import OwnWork
from mpex_server.errors import Problem
from mpex_server.http import problems
from mpex_server.keys import open_keys
from mpex_server.kit.clock import instant
from mpex_server.observation.traces import NoTraces
from mpex_server.peers.client import Peers
from mpex_server.settings import Settings
from mpex_server.setup import folder
from mpex_server.storage import floor
from mpex_server.storage.documents import Document
from mpex_server.storage.engine import UNSTATED, is_sqlite, snapshot, transaction, used

Folder = Annotated[Path, typer.Option("--dir", help="Folder of the node or anchor.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Only say what would change.")]
Role = Literal["node", "anchor"]
OPERATOR = "operator"
"""Actor in the log of what is done by command: somebody who holds the node's keys."""


def settings_of(directory: Path, role: Role | None = "node") -> Settings:
    """Return the settings of a folder, if it is of the role that the command is for; None is for both."""
    settings = folder.load(directory)
    if role not in (None, settings.role):
        whose = "a node" if settings.role == "node" else "an anchor"
        raise typer.BadParameter(f"is the folder of {whose}", param_hint="--dir")
    return settings


class _TakenBackError(Exception):
    """Ends a unit of work of which nothing is to stay."""


@contextmanager
def work(directory: Path, role: Role | None = "node", *, dry_run: bool = False) -> Iterator[OwnWork]:
    """Yield one unit of work on a folder of a role; a refusal ends the command with status 1.

    Of what is done in one with `dry_run` nothing stays, the entry of the log included.
    """
    settings = settings_of(directory, role)
    try:
        with (
            suppress(_TakenBackError),
            used(settings.database_url, settings.node_id) as engine,
            transaction(engine) as conn,
        ):
            yield OwnWork(conn, open_keys(settings), settings.clock(), settings)
            if dry_run:
                raise _TakenBackError
    except Problem as problem:
        document = problems.document(problem, "urn:mpex:command")
        places = "".join(f"\n{fault['pointer']}: {fault['detail']}" for fault in document.get("errors", ()))
        typer.echo(f"{document['title']}. {document['detail']}{places}\n{document['remedy']}", err=True)
        raise typer.Exit(1) from None


@contextmanager
def reading(directory: Path, role: Role | None = "node") -> Iterator[OwnWork]:
    """Yield work that only reads, and sees one state of the database; it leaves no entry in the log."""
    settings = settings_of(directory, role)
    with used(settings.database_url, settings.node_id) as engine, snapshot(engine) as conn:
        yield OwnWork(conn, open_keys(settings), settings.clock(), settings)


def is_now(dry_run: bool) -> str:
    """Return the verb for what a command did, or would have done."""
    return "would be" if dry_run else "is"


@contextmanager
def asking(settings: Settings) -> Iterator[Peers]:
    """Yield what asks others in the name of a node or an anchor; outside of any unit of work."""
    peers = Peers(
        node_id=settings.node_id,
        keys=open_keys(settings),
        clock=settings.clock(),
        sandbox=settings.sandbox,
        traces=NoTraces(),
    )
    try:
        yield peers
    finally:
        peers.close()


def stand_on_floor(settings: Settings) -> None:
    """End the command when a production node is on a PostgreSQL whose floor does not hold (STOR-003)."""
    address = settings.database_url, settings.node_id
    with used(*address) as engine, transaction(engine, UNSTATED, write=False) as conn:
        faults = [] if settings.sandbox or is_sqlite(conn) else [*floor.faults(conn)]
    if faults:
        typer.echo(f"The database cannot hold a node in production: {'; '.join(faults)}.", err=True)
        typer.echo(
            "Let the owner of the tables run `mpex-server db prepare`, and serve under another role.",
            err=True,
        )
        raise typer.Exit(1)


def log(
    work: OwnWork,
    event: str,
    outcome: str = "done",
    *,
    actor: str = OPERATOR,
    subject: Document | None = None,
    reason: str | None = None,
    vouched: Vouched | None = None,
) -> None:
    """Write the entry of the log for a command, in its own transaction (LOG-001)."""
    leaves.write(
        work.conn,
        work.keys,
        at=instant(work.now()),
        event=event,
        outcome=outcome,
        actor=actor,
        subject=subject,
        reason=reason,
        vouched=vouched,
    )
