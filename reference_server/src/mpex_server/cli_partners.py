"""Commands of the partner registry."""

from pathlib import Path
from typing import Annotated, Any

import typer
from joserfc.jwk import ECKey
from rich.console import Console

from mpex_server.keys import FileKeys
from mpex_server.keys.files import sign_es256
from mpex_server.kit import strict_json
from mpex_server.kit.clock import SystemClock, instant
from mpex_server.oauth import clients
from mpex_server.partners import registry
from mpex_server.recalls import causes
from mpex_server.setup import command, folder
from mpex_server.setup.command import Folder

partners = typer.Typer(no_args_is_help=True, help="Keep the partners of a node.")
_MARK = "noImmigrationEnforcement"
_out = Console(soft_wrap=True, highlight=False)


@partners.command("entry")
def show_entry(
    directory: Folder,
    url: Annotated[str | None, typer.Option(help="Address, when not the public one.")] = None,
) -> None:
    """Print this node's own entry for an anchor, who alone gives the mark of no immigration enforcement."""
    settings = folder.load(directory)
    entry = {
        "nodeId": settings.node_id,
        "name": settings.name,
        "url": url or settings.public_url,
        "recipientClass": settings.recipient_class,
        "purposes": list(settings.purposes),
        "territories": list(settings.territories),
        "mandates": [],
        "jwks": FileKeys(settings.key_dir).public_jwks(),
    }
    registry.check_entry({**entry, _MARK: False})
    typer.echo(strict_json.dumps(entry).decode())


@partners.command("add")
def add(
    directory: Folder,
    entry_file: Path,
    marked: Annotated[bool, typer.Option("--marked", help="Give the mark, as an anchor would.")] = False,
) -> None:
    """Add or replace one partner of a sandbox from a file with its entry; else an anchor signs who is one."""
    entry = _entry(entry_file, marked=marked)
    with command.work(directory) as work:
        if not work.settings.sandbox:
            raise typer.BadParameter(
                "a partner is added by hand in a sandbox only; import a registry that an anchor signed"
            )
        clients.register_partner(work.conn, entry, at=instant(work.now()))
        command.log(work, "administration", reason="partnerAdded")
    _out.print(f"Partner {entry['nodeId']}")


@partners.command("list")
def show(directory: Folder) -> None:
    """Print the active partners."""
    with command.work(directory) as work:
        for entry in clients.partners(work.conn, work.now(), limit=1000):
            typer.echo(f"{entry['nodeId']}  {entry['recipientClass']}  {entry['url']}  {entry['name']}")
        command.log(work, "read")


@partners.command("suspend")
def suspend(directory: Folder, node_id: str) -> None:
    """End a partner's access at once, and call back everything that it holds."""
    with command.work(directory) as work:
        if not clients.suspend_partner(work.conn, node_id, at=instant(work.now())):
            raise typer.BadParameter("no partner of that node id", param_hint="NODE_ID")
        causes.lose_trust(work, node_id)
        command.log(work, "administration", reason="partnerSuspended")


@partners.command("import")
def import_registry(directory: Folder, registry_file: Path, anchor_file: Path) -> None:
    """Make the partners exactly those of a registry that the anchor signed, until it expires.

    What is held by those that it names no more, or without their mark, is called back.
    """
    with command.work(directory) as work:
        now = work.now()
        try:
            signed = registry.verified(registry_file.read_text("ascii"), _jwk(anchor_file), now=now)
            for node_id in registry.apply(work.conn, signed, now=now):
                causes.lose_trust(work, node_id)
        except registry.RegistryError as error:
            raise typer.BadParameter(str(error), param_hint="REGISTRY_FILE") from error
        command.log(work, "administration", reason="registryImported")
    _out.print(f"{len(signed.entries)} partners until {instant(signed.valid_until)}")


@partners.command("sign")
def sign(
    key_file: Annotated[Path, typer.Argument(help="Private JWK of the anchor.")],
    entry_files: Annotated[list[Path], typer.Argument(help="One file per partner entry.")],
    issuer: Annotated[str, typer.Option(help="Name of the anchor.")] = "anchor",
    days: Annotated[int, typer.Option(min=1, max=366, help="Days until the registry expires.")] = 30,
    marked: Annotated[
        list[str] | None,
        typer.Option(help="Node id that the anchor vouches takes no part in immigration enforcement."),
    ] = None,
    mark_all: Annotated[bool, typer.Option("--mark-all", help="Vouch so for every entry.")] = False,
) -> None:
    """Print the signed registry of some entries, for an anchor to publish; the anchor gives the mark."""
    key = ECKey.import_key(_jwk(key_file))
    vouched = set(marked or ())
    entries = [_entry(path) for path in entry_files]
    for entry in entries:
        entry[_MARK] = mark_all or entry["nodeId"] in vouched
    if vouched - {entry["nodeId"] for entry in entries}:
        raise typer.BadParameter("names a node without an entry", param_hint="--marked")
    typer.echo(
        registry.signed(
            entries,
            issuer=issuer,
            kid=str(key.thumbprint()),
            signer=lambda data: sign_es256(key, data),
            now=SystemClock().now(),
            days=days,
        )
    )


def _entry(path: Path, *, marked: bool = False) -> dict[str, Any]:
    """Return an entry without what the node itself may say about its mark."""
    entry = {**strict_json.loads(path.read_bytes()), _MARK: marked}
    registry.check_entry(entry)
    return entry


def _jwk(path: Path) -> dict[str, Any]:
    return dict(strict_json.loads(path.read_bytes()))
