"""`mpex-server keys`: see which keys a node has, make those of an environment, and end old ones."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from mpex_server.anchor import repository as anchor
from mpex_server.disclosures.work import OwnWork
from mpex_server.keys import KeysError, material, place_of, take_keys
from mpex_server.keys.environment import assignment, variable_of
from mpex_server.keys.names import NUMBERED, first_ones, kind_of, next_of, number_of, numbered
from mpex_server.keys.provider import KeyKind
from mpex_server.kit.clock import instant
from mpex_server.records import candidate_index
from mpex_server.setup import command, folder
from mpex_server.setup.command import DryRun, Folder
from mpex_server.storage import wrapping
from mpex_server.upkeep.resealing import reseal

_HELP = """See, copy and end the keys of a node or an anchor.

`mpex-server new-key` makes one beside those that there are, and
`mpex-server rekey --new-key` one that wraps documents. Where keys lie is
MPEX_KEYS: `file`, `environment` or `pkcs11`.
"""
keys = typer.Typer(no_args_is_help=True, help=_HELP)
_OLDEST_FIRST = "federation"
_MOVED = (
    "Put the lines below into settings.env, restart, run `mpex-server check`, "
    "and then destroy the keys where they were, with all copies."
)
_AFTER = {
    "signing": "Partners refuse what it signed from their next look on, within an hour.",
    "federation": "A superior that has not enrolled the entity with the next key vouches for it no more.",
}
_AFTER_CHOSEN = (
    "Hand its keys (`anchor keys`) to everybody who chose it: who has not the next key trusts nobody by it."
)


@keys.command("list")
def show(directory: Folder) -> None:
    """Print the names of all keys and secrets, which of several is used, and where they are."""
    place = place_of(folder.load(directory))
    names = place.names()
    for name in names:
        typer.echo(f"{name:<16}  {'in use' if name == _used(name, names) else 'counts too'}")
    typer.echo(f"They are in {place.where}.")


@keys.command("make")
def make(
    kind: Annotated[KeyKind | None, typer.Argument(help="Kind of the one to make; without it all.")] = None,
    after: Annotated[int, typer.Option(min=0, help="Number of the last one that there is.")] = 0,
) -> None:
    """Print fresh keys as variables, for a node whose keys are in the environment (MPEX_KEYS=environment).

    They are kept nowhere: what is printed belongs into the store of secrets, and nowhere else.
    """
    names = first_ones() if kind is None else [next_of(kind, [numbered(kind, after)])]
    for name in names:
        typer.echo(assignment(name, material.fresh(name)))


@keys.command("move")
def move(
    directory: Folder,
    to: Annotated[Literal["file", "environment", "pkcs11"], typer.Argument(help="Where they are to be.")],
    key_dir: Annotated[
        Path | None, typer.Option(help="New folder for files, or for what a token seals.")
    ] = None,
    dry_run: DryRun = False,
) -> None:
    """Copy all keys to another place; to the environment, print them as variables.

    A token is named as in the settings, by variables. What is in a token stays there.
    """
    settings = folder.load(directory)
    written = place_of(settings).written()
    if to == "environment":
        lines = (variable_of(name) if dry_run else assignment(name, written[name]) for name in written)
        said = "\n".join(lines)
    else:
        new = (key_dir or directory / f"keys-{to}").absolute()
        moved = settings.model_copy(update={"keys": to, "key_dir": new})
        where = take_keys(moved, written, dry_run=dry_run)
        said = f"All keys are in {where} as well. {_MOVED}\n\n{folder.lines_of_keys(moved)}"
        said = f"{len(written)} keys and secrets would be copied to {where}." if dry_run else said
    if not dry_run:
        with command.work(directory, role=None) as work:
            command.log(work, "administration", reason="keysMoved")
    typer.echo(said)


@keys.command("remove")
def remove(
    directory: Folder,
    name: Annotated[str, typer.Argument(help="Name of the key, as `list` prints it.")],
    dry_run: DryRun = False,
) -> None:
    """Destroy an old key or secret that nothing in the database needs any more; there is no way back.

    Backups, the journal and entries of the log from its time may still need it: the guide says which.
    """
    settings = folder.load(directory)
    place = place_of(settings)
    if reason := _kept_for(name, place.names()):
        raise KeysError(f"{name} cannot be removed: {reason}.")
    with command.work(directory, role=None) as work:
        if under := _UNDER.get(kind_of(name), _nothing)(work, name):
            raise KeysError(f"{under} are still under {name}: {_REMEDY.get(kind_of(name), _REKEY)} first.")
        place.remove(name, dry_run=dry_run)
        if not dry_run:
            command.log(work, "administration", reason="keyRemoved")
    done = (
        f"can be removed from {place.where}."
        if dry_run
        else f"was removed from {place.where}. Restart the node."
    )
    typer.echo(f"{name} {done}")
    by_choice = kind_of(name) == "federation" and settings.topmost
    after = _AFTER_CHOSEN if by_choice else _AFTER.get(kind_of(name), "")
    typer.echo(after, nl=bool(after))


def _used(name: str, names: list[str]) -> str:
    """Return the one of a key's kind that is used; `names` are sorted."""
    same = [other for other in names if kind_of(other) == kind_of(name)]
    return same[0 if kind_of(name) == _OLDEST_FIRST else -1]


def _kept_for(name: str, names: list[str]) -> str | None:
    """Return why a key must stay whatever the database holds, None when it need not."""
    if name not in names:
        return "there is none"
    if kind_of(name) not in NUMBERED or sum(kind_of(other) == kind_of(name) for other in names) == 1:
        return "it is the only one of its kind"
    # The entity's oldest key is ended so that the next one signs.
    return "it is in use" if name == _used(name, names) and kind_of(name) != _OLDEST_FIRST else None


def _documents(work: OwnWork, name: str) -> str | None:
    number = wrapping.counts(work.conn).get(name)
    return f"{number} documents" if number else None


def _records(work: OwnWork, name: str) -> str | None:
    number = candidate_index.counts(work).get(number_of(name))
    return f"{number} records of the index" if number else None


def _waiting(work: OwnWork, _name: str) -> str | None:
    # What this would change is rolled back with the refusal.
    return "tasks or events" if reseal(work, 1) else None


def _nothing(_work: OwnWork, _name: str) -> None:
    return None


def _marks(work: OwnWork, name: str) -> str | None:
    same = [other for other in place_of(work.settings).names() if kind_of(other) == kind_of(name)]
    kid = work.keys.federation_jwks()["keys"][same.index(name)]["kid"]
    marks = anchor.standing(work.conn, instant(work.now()))
    anew = {(mark.entity, mark.kind) for mark in marks if mark.kid != kid}
    number = sum((mark.entity, mark.kind) not in anew for mark in marks if mark.kid == kid)
    return f"{number} marks" if number else None


_UNDER = {"kek": _documents, "index": _records, "audit": _waiting, "federation": _marks}
_REKEY = "run `mpex-server rekey`"
_REMEDY = {"federation": "give them anew with `anchor issue-mark`"}
