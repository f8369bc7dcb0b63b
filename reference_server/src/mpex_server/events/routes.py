"""Route of events. An event that was taken before is accepted again, without a second effect."""

from mpex_server.errors import Problem
from mpex_server.events import service, tokens
from mpex_server.http.call import Reply
from mpex_server.http.context import Context
from mpex_server.http.operations import operation


@operation("receiveEvent")
def receive_event(ctx: Context) -> Reply:
    """Take a signed security event token of the authenticated partner."""
    sender = ctx.principal.partner
    if sender is None:
        raise Problem("actionNotAllowed", "Events come from partners.")
    claims = tokens.read(ctx.body, sender, audience=ctx.settings.node_id, now=ctx.now())
    taken = service.take(ctx, sender["nodeId"], claims, ctx.body)
    leaf = ctx.audit("event", "repeated" if taken is None else taken.type)
    if taken is not None:
        service.apply(ctx, taken, leaf=leaf, purpose=ctx.principal.purpose)
    return Reply(202)
