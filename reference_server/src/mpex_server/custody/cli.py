"""`mpex-server shutdown`: what is left to do before a node is switched off, and doing it."""

from typing import Annotated

import typer

from mpex_server.custody import shutdown as ending
from mpex_server.setup import command
from mpex_server.setup.command import Folder

REMAINS = 3
shutdown = typer.Typer(no_args_is_help=True, help="Bring a node to its end.")


@shutdown.command()
def plan(directory: Folder) -> None:
    """Print what is left to do before the node can be switched off, and what else ends with it."""
    with command.work(directory) as work:
        _print(ending.plan(work))
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
    yes: Annotated[bool, typer.Option("--yes", help="Erase without being asked again.")] = False,
) -> None:
    """Offer the records to another node, or erase them; ends with status 3 while something remains.

    The node has to go on serving meanwhile, so that offers are fetched and receipts come in.
    """
    if to is None and not erase_rest:
        raise typer.BadParameter("name a node with --to, or --erase-rest, or both")
    if erase_rest and not yes:
        with command.reading(directory) as work:
            _print(ending.plan(work))
        typer.confirm("Erase what is not on its way? It cannot be undone.", abort=True)
    with command.work(directory) as work:
        if to is not None:
            offered, kept = ending.offer_all(work, to=to, purpose=purpose, legal_basis=legal_basis)
            typer.echo(f"Offered {offered} records.")
            for record in kept:
                typer.echo(f"Cannot be offered: {record}")
        if erase_rest:
            typer.echo(f"Erased {ending.erase_rest(work)}.")
        command.log(work, "erasure" if erase_rest else "administration", reason="shutdown")
        left = ending.plan(work)
        _print(left)
    if not left.done:
        raise typer.Exit(REMAINS)


def _print(left: ending.Plan) -> None:
    for name, count in left.open.items():
        typer.echo(f"{count:>6}  {name}")
    if left.lost:
        typer.echo("Ends with the node, unless it is handed over by other means:")
    for name, count in left.lost.items():
        typer.echo(f"{count:>6}  {name}")
