"""Commands that keep a node: check, back up, restore, change the key-encryption key."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from mpex_server.keys.files import add_key
from mpex_server.setup import command, folder
from mpex_server.setup.command import Folder
from mpex_server.storage import wrapping
from mpex_server.upkeep import backup as backups
from mpex_server.upkeep.check import findings
from mpex_server.upkeep.restore import Restored
from mpex_server.upkeep.restore import restore as fill

_SHOWN, _BATCH = 5, 500
_ForPartners = Literal["signing", "encryption"]
BackupFile = Annotated[Path, typer.Argument(help="File of the backup.")]


def check(directory: Folder) -> None:
    """Look for damage in database, index, log and keys; ends with status 1 when there is any.

    It only reads, and may run while the node serves.
    """
    damaged = False
    with command.reading(directory) as work:
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
    with command.reading(directory) as work:
        try:
            rows = backups.write(work, file)
        except FileExistsError:
            raise typer.BadParameter("exists; a backup is never written over", param_hint="file") from None
        keys = work.settings.key_dir
    typer.echo(f"{rows} rows. Keep a copy of {keys} apart from this file: it is of no use without the keys,")
    typer.echo("and who has both can read every record. The journal of the node belongs to the keys.")


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
    with command.work(directory) as work:
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
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only count what would be wrapped.")] = False,
) -> None:
    """Wrap every record key under the newest key-encryption key, batch by batch; the node may go on serving.

    Whoever stops it starts it again: what is done is done.
    """
    if new_key and not dry_run:
        typer.echo(f"Added {add_key(folder.load(directory).key_dir, 'kek')}; copy the folder of keys now.")
    done = 0
    while not dry_run and (batch := _rewrapped(directory)):
        done += batch
    with command.reading(directory) as work:
        for name, number in wrapping.counts(work.conn).items():
            use = "in use" if name == work.keys.current() else "to be wrapped anew"
            typer.echo(f"{number:>8}  {name}  {use}")
    typer.echo(f"{done} record keys were wrapped anew.")


def new_key(
    directory: Folder,
    kind: Annotated[_ForPartners, typer.Argument(help="What the key is for.")],
) -> None:
    """Add a key that partners know the node by; it is used from the next start, and the old ones stay.

    So partners are given the new entry first.
    """
    name = add_key(folder.load(directory).key_dir, kind)
    with command.work(directory) as work:
        command.log(work, "administration", reason="keyAdded")
    typer.echo(
        f"Added {name}; copy the folder of keys now. Give the anchor what `partners entry` prints, and"
        " restart the node when partners have it."
    )


def _rewrapped(directory: Path) -> int:
    with command.work(directory) as work:
        done = wrapping.rewrap(work.conn, work.keys, _BATCH)
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
        typer.echo(f"Without access again: {name}")
    for event, count in sorted(restored.lost.items()):
        typer.echo(f"{count:>6}  acts after the backup that are lost, save their entry in the log: {event}")
    if restored.unreadable_lines:
        typer.echo(f"{restored.unreadable_lines} lines of the journal were torn or altered.")
    typer.echo("Run `mpex-server check` before the node serves again.")
