"""`mpex-server trust log` and `trust follow`: what those who vouch have decided, as the node has read it."""

from typing import Annotated, Any

import typer

from mpex_server.domain.checkpoint import NoteError, Verifier
from mpex_server.federation import followed, repository
from mpex_server.kit.clock import instant
from mpex_server.setup import command
from mpex_server.setup.command import DryRun, Folder
from mpex_server.setup.given import Entity

_WORDS = {
    "entityEnrolled": "vouches for {entity}",
    "intermediateEnrolled": "vouches for {entity}, which may vouch for others",
    "entityWithdrawn": "vouches for {entity} no more",
    "accredited": "lets {entity} give marks {markType}",
    "accreditationEnded": "lets {entity} give marks {markType} no more",
    "markGiven": "gave {entity} the mark {markType} ({mark})",
    "markRevoked": "took the mark {markType} ({mark}) back from {entity}",
}
Json = dict[str, Any]


def decisions(
    directory: Folder,
    entity: Entity,
    since: Annotated[int, typer.Option(min=0, help="Position from which on to print.")] = 0,
) -> None:
    """Print what an anchor or intermediate decided, by its log as the node has read and verified it.

    Of what has ended the node keeps the last 1000 decisions.
    """
    with command.work(directory) as work:
        log = followed.known(work.conn).get(entity)
        if log is None:
            raise typer.BadParameter("the node has read no log of it", param_hint="ENTITY")
        for position, entry in followed.decisions(work.conn, entity, since=since).items():
            typer.echo(f"{position}  {_said(entry)}")
        fault = followed.fault(work.conn, entity)
        command.log(work, "read")
    typer.echo(f"The log was read up to {log.size}; print what comes later with --since {log.size}.")
    if fault is not None:
        typer.echo(f"What it shows now is not believed: {fault}. Ask its operator by another way.")


def follow(
    directory: Folder,
    entity: Entity,
    key: Annotated[str, typer.Argument(help="Key of its log, as its operator told it by another way.")],
    dry_run: DryRun = False,
) -> None:
    """Read a log again from its beginning, whatever was read of it before, when its operator has lost it."""
    try:
        verifier = Verifier.from_text(key)
    except NoteError as error:
        raise typer.BadParameter(str(error), param_hint="KEY") from None
    with command.work(directory) as work:
        log = followed.known(work.conn).get(entity)
        if log is None:
            raise typer.BadParameter("the node has read no log of it", param_hint="ENTITY")
        if not dry_run:
            followed.begin_again(work.conn, entity, str(verifier))
            repository.hasten(work.conn, at=instant(work.now()))
            command.log(work, "administration", reason="logBegunAgain")
    typer.echo(f"The log, read up to {log.size}, {command.is_now(dry_run)} read from its beginning.")


def _said(entry: Json) -> str:
    """Return an entry in words; what somebody else wrote must not move the cursor of a terminal."""
    names = {name: str(entry.get(name, "")) for name in ("entity", "markType", "mark")}
    keys = entry.get("keys")
    vouched = f" with the keys {' '.join(map(str, keys))}" if isinstance(keys, list) else ""
    words = _WORDS.get(str(entry.get("reason")), "decided something else about {entity}").format(**names)
    return "".join(each if each.isprintable() else "?" for each in f"{entry.get('at')}  {words}{vouched}")
