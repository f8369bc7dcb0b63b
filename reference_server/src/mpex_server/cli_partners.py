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
from mpex_server.setup import folder
from mpex_server.storage.engine import make_engine, transaction

partners = typer.Typer(no_args_is_help=True, help="Keep the partners of a node.")
Folder = Annotated[Path, typer.Option("--dir", help="Folder of the node.")]
_out = Console(soft_wrap=True, highlight=False)


@partners.command("entry")
def show_entry(
    directory: Folder,
    purpose: Annotated[list[str], typer.Option("--purpose", help="Purpose of the mandate; repeatable.")],
    url: Annotated[str | None, typer.Option(help="Address, when not the public one.")] = None,
) -> None:
    """Print this node's own entry, for the registries of others."""
    settings = folder.load(directory)
    entry = {
        "nodeId": settings.node_id,
        "name": settings.name,
        "url": url or settings.public_url,
        "recipientClass": settings.recipient_class,
        "purposes": purpose,
        "territories": list(settings.territories),
        "mandates": [],
        "noImmigrationEnforcement": True,
        "jwks": FileKeys(settings.key_dir).public_jwks(),
    }
    registry.check_entry(entry)
    typer.echo(strict_json.dumps(entry).decode())


@partners.command("add")
def add(directory: Folder, entry_file: Path) -> None:
    """Add or replace one partner from a file with its entry; for sandboxes and first steps."""
    entry = strict_json.loads(entry_file.read_bytes())
    registry.check_entry(entry)
    engine = make_engine(folder.load(directory).database_url)
    with transaction(engine) as conn:
        clients.register_partner(conn, entry, at=instant(SystemClock().now()))
    engine.dispose()
    _out.print(f"Partner {entry['nodeId']}")


@partners.command("list")
def show(directory: Folder) -> None:
    """Print the active partners."""
    engine = make_engine(folder.load(directory).database_url)
    with transaction(engine, write=False) as conn:
        for entry in clients.partners(conn, limit=1000):
            typer.echo(f"{entry['nodeId']}  {entry['recipientClass']}  {entry['url']}  {entry['name']}")
    engine.dispose()


@partners.command("suspend")
def suspend(directory: Folder, node_id: str) -> None:
    """End a partner's access at once."""
    engine = make_engine(folder.load(directory).database_url)
    with transaction(engine) as conn:
        known = clients.suspend_partner(conn, node_id, at=instant(SystemClock().now()))
    engine.dispose()
    if not known:
        raise typer.BadParameter("no partner of that node id", param_hint="NODE_ID")


@partners.command("import")
def import_registry(directory: Folder, registry_file: Path, anchor_file: Path) -> None:
    """Make the partners exactly those of a registry that the anchor signed."""
    now = SystemClock().now()
    entries = registry.verified(registry_file.read_text("ascii"), _jwk(anchor_file), now=now)
    engine = make_engine(folder.load(directory).database_url)
    with transaction(engine) as conn:
        registry.apply(conn, entries, now=now)
    engine.dispose()
    _out.print(f"{len(entries)} partners")


@partners.command("sign")
def sign(
    key_file: Annotated[Path, typer.Argument(help="Private JWK of the anchor.")],
    entry_files: Annotated[list[Path], typer.Argument(help="One file per partner entry.")],
    issuer: Annotated[str, typer.Option(help="Name of the anchor.")] = "anchor",
    days: Annotated[int, typer.Option(min=1, max=366, help="Days until the registry expires.")] = 30,
) -> None:
    """Print the signed registry of some entries, for an anchor to publish."""
    key = ECKey.import_key(_jwk(key_file))
    entries = [strict_json.loads(path.read_bytes()) for path in entry_files]
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


def _jwk(path: Path) -> dict[str, Any]:
    return dict(strict_json.loads(path.read_bytes()))
