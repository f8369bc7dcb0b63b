"""Route of events. An event that was taken before is accepted again, without a second effect."""

from mpex_server.errors import Problem
from mpex_server.events import handlers, service, tokens
from mpex_server.events.taken import Taken
from mpex_server.http.call import Reply
from mpex_server.http.context import Context
from mpex_server.http.operations import operation
from mpex_server.peers import registry


@operation("receiveEvent")
def receive_event(ctx: Context) -> Reply:
    """Take a signed security event token of the authenticated partner."""
    sender = ctx.principal.partner
    if sender is None:
        raise Problem("actionNotAllowed", "Events come from partners.")
    former = registry.find(ctx.conn, sender["nodeId"], ctx.now()) is None
    claims = tokens.read(ctx.body, sender, audience=ctx.settings.node_id, now=ctx.now())
    if former and tokens.event_of(claims)[0] not in handlers.OF_FORMER_PARTNERS:
        raise Problem("actionNotAllowed", "A partner that was suspended may only see recalls to their end.")
    taken = service.take(ctx, sender["nodeId"], claims, ctx.body)
    leaf = ctx.audit("event", _outcome(taken))
    if taken is not None:
        service.apply(ctx, taken, leaf=leaf, purpose=ctx.principal.purpose)
    return Reply(202)


def _outcome(taken: Taken | None) -> str:
    if taken is None:
        return "repeated"
    return "received" if taken.type in handlers.TELLING else taken.type
