"""Listing of the registry."""

from typing import Any

from mpex_server.holdings import repository as holdings
from mpex_server.http.context import Context
from mpex_server.oauth import clients


def page(ctx: Context) -> dict[str, Any]:
    """Return one page of the active partners with their holdings as fetched last, ordered by node id."""
    limit: int = ctx.query["limit"]
    after = ctx.after() or {"nodeId": ""}
    found = clients.partners(ctx.conn, ctx.now(), after=after["nodeId"], limit=limit + 1)
    known = holdings.of(ctx.conn, [entry["nodeId"] for entry in found[:limit]])
    shown = [_with_holdings(entry, known.get(entry["nodeId"])) for entry in found[:limit]]
    ctx.audit("read")
    return ctx.page(shown, {"nodeId": shown[-1]["nodeId"]} if len(found) > limit else None)


def _with_holdings(entry: dict[str, Any], held: dict[str, Any] | None) -> dict[str, Any]:
    # Nobody vouches for holdings; what stands there in their place is not shown.
    plain = {name: value for name, value in entry.items() if name != "holdings"}
    return plain if held is None else plain | {"holdings": held}
