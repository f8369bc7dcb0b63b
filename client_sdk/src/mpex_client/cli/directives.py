"""`mpex directives`: what becomes of a directive when time passes, or whoever gave it has died."""

from typing import Annotated

import typer

from mpex_client.cli._state import current

__all__ = ["app"]

app = typer.Typer(
    no_args_is_help=True, help="Review directives, freeze those of the dead, and record who succeeds them."
)

Directive = Annotated[str, typer.Argument(metavar="DIRECTIVE", help="directive:…")]


@app.command()
def review(
    context: typer.Context,
    directive: Directive,
    due: Annotated[str, typer.Option(help="Day, month or year of the next review.")],
    reason: Annotated[str, typer.Option(help="Why it stands, such as what was asked and answered.")],
) -> None:
    """Say that whoever gave a directive was asked, and that it stands; a no is entered by `mpex withdraw`."""
    state = current(context)
    with state.client("registrar") as client:
        result = client.directives.review(directive, due, reason=reason)
        state.show(result, f"Reviewed: {directive}. The next review is due {due}.")


@app.command()
def freeze(
    context: typer.Context,
    directive: Directive,
    at: Annotated[str | None, typer.Option(help="Instant of the death, if known.")] = None,
) -> None:
    """Say that whoever gave a directive has died: it permits nothing until a successor is recorded."""
    state = current(context)
    with state.client("registrar") as client:
        result = client.directives.freeze(directive, at=at)
        state.show(result, f"Frozen: {directive}. What it denies stays denied. See `mpex tasks`.")


@app.command()
def succeed(
    context: typer.Context,
    directive: Directive,
    successor: Annotated[str, typer.Argument(metavar="SUCCESSOR", help="directive:… of the successor")],
) -> None:
    """Let the directive of a successor speak in the place of a frozen one."""
    state = current(context)
    with state.client("registrar") as client:
        result = client.directives.succeed(directive, successor)
        state.show(result, f"From now on {successor} speaks in the place of {directive}.")
