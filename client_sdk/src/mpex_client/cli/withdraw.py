"""`mpex withdraw`: withdraw a directive, for some purposes or for all."""

from typing import Annotated

import typer

from mpex_client.cli._state import current

__all__ = ["withdraw"]


def withdraw(
    context: typer.Context,
    directive: Annotated[str, typer.Argument(metavar="DIRECTIVE", help="directive:…")],
    purpose: Annotated[
        list[str] | None, typer.Option(help="Purpose to withdraw; repeatable; none means all.")
    ] = None,
    reason: Annotated[str | None, typer.Option(help="Reason, if the person wishes to give one.")] = None,
) -> None:
    """Withdraw consent. The node calls back what it released under it and shows the receipts."""
    state = current(context)
    with state.client("registrar") as client:
        result = client.directives.withdraw(directive, purposes=purpose or (), reason=reason)
        what = ", ".join(purpose) if purpose else "all purposes"
        state.show(result, f"Withdrawn for {what}: {directive}. Recalls: `mpex tasks`, `mpex access-report`.")
