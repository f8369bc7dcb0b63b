"""Listing of the registry."""

from typing import Any

from mpex_server.http.context import Context
from mpex_server.oauth import clients


def page(ctx: Context) -> dict[str, Any]:
    """Return one page of the active partners, ordered by node id."""
    limit: int = ctx.query["limit"]
    after = ctx.after() or {"nodeId": ""}
    found = clients.partners(ctx.conn, ctx.now(), after=after["nodeId"], limit=limit + 1)
    shown = found[:limit]
    ctx.audit("read")
    return ctx.page(shown, {"nodeId": shown[-1]["nodeId"]} if len(found) > limit else None)
