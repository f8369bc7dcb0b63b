"""Command line of mpex."""

import typer

app = typer.Typer(no_args_is_help=True, help=__doc__)


@app.callback()
def main() -> None:
    """Run one of the commands below."""
