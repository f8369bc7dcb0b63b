"""`mpex-server shutdown`: what is left to do before a node is switched off, and doing it."""

from typing import Annotated

import typer

from mpex_server.custody import shutdown as ending
from mpex_server.disclosures.work import OwnWork
from mpex_server.setup import command
from mpex_server.setup.command import Folder

REMAINS = 3
shutdown = typer.Typer(no_args_is_help=True, help="Bring a node to its end.")


@shutdown.command()
def plan(directory: Folder) -> None:
    """Print what still has to be transferred, erased or acknowledged."""
    with command.work(directory) as work:
        _print(work)
        command.log(work, "read")


@shutdown.command()
def run(
    directory: Folder,
    to: Annotated[str | None, typer.Option(help="node:… to which every record is offered.")] = None,
    purpose: Annotated[str, typer.Option(help="Purpose under which the records move.")] = "searchLiving",
    legal_basis: Annotated[str, typer.Option(help="Legal basis of the transfer.")] = "consent",
    erase_rest: Annotated[
        bool, typer.Option("--erase-rest", help="Call back and erase whatever is not on its way.")
    ] = False,
) -> None:
    """Offer the records to another node, or erase them; ends with status 3 while something remains.

    The node has to go on serving meanwhile, so that offers are fetched and receipts come in.
    """
    if to is None and not erase_rest:
        raise typer.BadParameter("name a node with --to, or --erase-rest, or both")
    with command.work(directory) as work:
        if to is not None:
            offered, kept = ending.offer_all(work, to=to, purpose=purpose, legal_basis=legal_basis)
            typer.echo(f"Offered {offered} records.")
            for record in kept:
                typer.echo(f"Cannot be offered: {record}")
        if erase_rest:
            typer.echo(f"Erased {ending.erase_rest(work)}.")
        command.log(work, "erasure" if erase_rest else "administration", reason="shutdown")
        remains = _print(work)
    if remains:
        raise typer.Exit(REMAINS)


def _print(work: OwnWork) -> bool:
    waiting = ending.plan(work)
    for name, count in waiting.items():
        typer.echo(f"{count:>6}  {name}")
    return any(waiting.values())
