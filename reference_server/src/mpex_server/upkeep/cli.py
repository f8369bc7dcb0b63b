"""Commands that keep a node: check, back up, restore, change keys and secrets."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Literal

import typer

from mpex_server.disclosures.work import OwnWork
from mpex_server.keys import place_of
from mpex_server.keys.provider import KeyKind
from mpex_server.records import candidate_index
from mpex_server.setup import command, folder
from mpex_server.setup.command import DryRun, Folder
from mpex_server.storage import wrapping
from mpex_server.upkeep import backup as backups
from mpex_server.upkeep.check import findings
from mpex_server.upkeep.resealing import reseal
from mpex_server.upkeep.restore import Restored
from mpex_server.upkeep.restore import restore as fill

_SHOWN, _BATCH = 5, 500
_Kind = Literal["signing", "federation", "encryption", "index", "audit"]
_TO_VERIFY = "Restart the node; partners look for it when they first meet it."
_TO_SEAL = "Restart the node; partners have it with their next look at their anchors."
_TO_SUPERIORS = "Restart, and let each superior enrol the node again before the old key goes."
_TO_CHOOSERS = (
    "Restart, hand its keys (`anchor keys`) to everybody who chose it, and give its marks anew, "
    "before the old key goes."
)
_TO_REKEY = "Run `mpex-server rekey`: it brings under it what is under an older one."
_NEXT: dict[_Kind, str] = {
    "signing": _TO_VERIFY,
    "federation": _TO_SUPERIORS,
    "encryption": _TO_SEAL,
    "index": _TO_REKEY,
    "audit": _TO_REKEY,
}
BackupFile = Annotated[Path, typer.Argument(help="File of the backup.")]


def check(directory: Folder) -> None:
    """Look for damage in database, index, log and keys; ends with status 1 when there is any.

    It only reads, and may run while the node serves.
    """
    damaged = False
    with command.reading(directory, role=None) as work:
        for found, places in findings(work):
            damaged = True
            more = f" and {len(places) - _SHOWN} more" if len(places) > _SHOWN else ""
            typer.echo(f"{found.name}: {found.says}\n  {', '.join(places[:_SHOWN])}{more}\n  {found.remedy}")
    if damaged:
        raise typer.Exit(1)
    typer.echo("No damage found.")


def backup(directory: Folder, file: BackupFile) -> None:
    """Write every table of the node into one new file; the node may go on serving.

    The keys are not in it, and it cannot be read without them.
    """
    with command.reading(directory, role=None) as work:
        try:
            rows = backups.write(work, file)
        except FileExistsError:
            raise typer.BadParameter("exists; a backup is never written over", param_hint="file") from None
        where = place_of(work.settings).where
    typer.echo(
        f"{rows} rows. Keep a copy of the keys, in {where}, apart from this file: it is of no use without\n"
        "them, and who has both can read every record. The journal of the node belongs to the keys."
    )


def restore(
    directory: Folder,
    file: BackupFile,
    journal: Annotated[
        Path | None, typer.Option(help="The newest copy of the node's journal; by default the one in use.")
    ] = None,
    without_journal: Annotated[
        bool, typer.Option("--without-journal", help="Give up what only the journal knows.")
    ] = False,
) -> None:
    """Fill the empty database of a stopped node, and erase again what was erased since the backup."""
    with command.work(directory, role=None) as work:
        kept = None if without_journal else journal or work.settings.journal_file
        try:
            if not without_journal and (kept is None or not kept.is_file()):
                raise backups.BackupError(
                    "There is no journal. Without it nobody knows what was erased or withdrawn since the "
                    "backup, and partners will see that the log was cut; --without-journal accepts that."
                )
            restored = fill(work, file, kept)
        except backups.BackupError as error:
            typer.echo(f"Nothing was restored. {error}", err=True)
            raise typer.Exit(1) from None
    _tell(restored)


def rekey(
    directory: Folder,
    new_key: Annotated[bool, typer.Option("--new-key", help="Add a key-encryption key first.")] = False,
    dry_run: DryRun = False,
) -> None:
    """Bring everything under the newest key-encryption key, index secret and audit secret, batch by batch.

    The node may go on serving. Whoever stops it starts it again: what is done is done.
    """
    if new_key:
        typer.echo(_added(directory, "kek", dry_run=dry_run))
    wrapped, indexed, sealed = (0 if dry_run else _repeated(directory, step) for step in _STEPS)
    with command.reading(directory, role=None) as work:
        for name, number in wrapping.counts(work.conn).items():
            use = "in use" if name == work.keys.current() else "to be wrapped anew"
            typer.echo(f"{number:>8}  {name}  {use}")
        for generation, number in candidate_index.counts(work).items():
            typer.echo(f"{number:>8}  records in the index under generation {generation} of its secret")
    typer.echo(f"{wrapped} record keys were wrapped anew.")
    typer.echo(f"{indexed} records were indexed anew, {sealed} tasks and events sealed anew.")


def new_key(
    directory: Folder,
    kind: Annotated[_Kind, typer.Argument(help="What the key or secret is for.")],
    dry_run: DryRun = False,
) -> None:
    """Add a key that partners know the node by, used from the next start; or a secret, used at once.

    The old ones stay. Partners and superiors see it first; `rekey` brings everything under the new secret.
    """
    by_choice = kind == "federation" and folder.load(directory).topmost
    then = _TO_CHOOSERS if by_choice else _NEXT[kind]
    typer.echo(f"{_added(directory, kind, dry_run=dry_run)} {then}")


def _added(directory: Path, kind: KeyKind, *, dry_run: bool) -> str:
    place = place_of(folder.load(directory))
    name = place.add(kind, dry_run=dry_run)
    if dry_run:
        return f"{name} would be added to {place.where}."
    with command.work(directory, role=None) as work:
        command.log(work, "administration", reason="keyAdded")
    return f"Added {name}; copy the keys now: {place.where}."


def _rewrapped(work: OwnWork, limit: int) -> int:
    return wrapping.rewrap(work.conn, work.keys, limit)


_STEPS: tuple[Callable[[OwnWork, int], int], ...] = (_rewrapped, candidate_index.renew, reseal)


def _repeated(directory: Path, step: Callable[[OwnWork, int], int]) -> int:
    """Take a step, each time in a transaction with its entry in the log, until nothing is left for it."""
    done = 0
    while batch := _taken(directory, step):
        done += batch
    return done


def _taken(directory: Path, step: Callable[[OwnWork, int], int]) -> int:
    with command.work(directory, role=None) as work:
        done = step(work, _BATCH)
        if done:
            command.log(work, "administration", reason="rekeyed")
        return done


def _tell(restored: Restored) -> None:
    typer.echo(f"{restored.rows} rows.")
    for name in restored.erased:
        typer.echo(f"Erased again: {name}")
    for name in restored.restricted:
        typer.echo(f"Out of use until a person has entered again what was withdrawn: {name}")
    for name in restored.shut_out:
        typer.echo(f"Without access again, a partner until `partners admit`: {name}")
    for event, count in sorted(restored.lost.items()):
        typer.echo(f"{count:>6}  acts after the backup that are lost, save their entry in the log: {event}")
    if restored.unreadable_lines:
        typer.echo(f"{restored.unreadable_lines} lines of the journal were torn or altered.")
    typer.echo("Run `mpex-server check` before the node serves again.")
