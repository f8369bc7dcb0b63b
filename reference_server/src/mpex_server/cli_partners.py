"""Commands on partners: who they are, who is kept out, and those of a sandbox."""

from typing import Annotated

import typer
from rich.console import Console

from mpex_server.federation import mandate
from mpex_server.keys import open_keys
from mpex_server.kit import strict_json
from mpex_server.kit.clock import instant
from mpex_server.oauth import clients
from mpex_server.recalls import causes
from mpex_server.setup import command
from mpex_server.setup.command import DryRun, Folder
from mpex_server.setup.given import Entity, Json, json_object

partners = typer.Typer(no_args_is_help=True, help="See who the partners are, and keep some out.")
_MARK = "noImmigrationEnforcement"
_out = Console(soft_wrap=True, highlight=False)


@partners.command("entry")
def show_entry(directory: Folder) -> None:
    """Print this node's own entry, for a sandbox to add by hand."""
    settings = command.settings_of(directory)
    entry = {
        "nodeId": settings.node_id,
        "name": settings.name,
        "url": settings.public_url,
        "recipientClass": settings.recipient_class,
        "purposes": list(settings.purposes),
        "territories": list(settings.territories),
        "mandates": [],
        "jwks": open_keys(settings).public_jwks(),
    }
    typer.echo(strict_json.dumps(entry).decode())


@partners.command("add")
def add(
    directory: Folder,
    said: Annotated[Json, typer.Argument(parser=json_object, metavar="FILE", help="File with the entry.")],
    marked: Annotated[bool, typer.Option("--marked", help="Give the mark, as its issuer would.")] = False,
) -> None:
    """Add or replace one partner of a sandbox from a file with its entry; else anchors say who is one."""
    settings = command.settings_of(directory)
    if not settings.sandbox:
        raise typer.BadParameter(
            "a partner is added by hand in a sandbox only; choose an anchor with `trust`"
        )
    entry = said | {_MARK: marked}
    mandate.check_entry(entry, str(entry.get("url")))
    with command.work(directory) as work:
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
def suspend(directory: Folder, node_id: str, dry_run: DryRun = False) -> None:
    """End a partner's access at once, call back what it holds, and keep it out whoever vouches for it."""
    with command.work(directory, dry_run=dry_run) as work:
        if not clients.suspend_partner(work.conn, node_id, at=instant(work.now()), kept_out=True):
            raise typer.BadParameter("no partner of that node id", param_hint="NODE_ID")
        causes.lose_trust(work, node_id)
        command.log(work, "administration", reason="partnerSuspended")
    typer.echo(f"{node_id} {command.is_now(dry_run)} kept out, and what it holds called back.")


@partners.command("move")
def move(directory: Folder, node_id: str, entity: Entity, dry_run: DryRun = False) -> None:
    """Let a partner come back from another address, once you know from itself that it has moved there."""
    with command.work(directory, dry_run=dry_run) as work:
        if not clients.move(work.conn, node_id, entity, at=instant(work.now())):
            raise typer.BadParameter("no partner of that node id", param_hint="NODE_ID")
        command.log(work, "administration", reason="partnerMoved")
    typer.echo(f"{node_id} {command.is_now(dry_run)} the node at {entity}.")


@partners.command("admit")
def admit(directory: Folder, node_id: str, dry_run: DryRun = False) -> None:
    """Keep a partner out no longer; it is one again with the next look, if an anchor vouches for it."""
    with command.work(directory, dry_run=dry_run) as work:
        if not clients.let_in(work.conn, node_id, at=instant(work.now())):
            raise typer.BadParameter("no partner of that node id is kept out", param_hint="NODE_ID")
        command.log(work, "administration", reason="partnerAdmitted")
    typer.echo(f"{node_id} {command.is_now(dry_run)} kept out no longer.")
