"""Commands that keep a node: check it."""

import typer

from mpex_server.setup import command
from mpex_server.setup.command import Folder
from mpex_server.upkeep.check import findings

_SHOWN = 5


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
