"""Operations on consent directives; withdrawing one belongs to the recalls."""

from mpex_server.directives import review, succession
from mpex_server.directives.service import DIRECTIVES
from mpex_server.http.call import Reply
from mpex_server.http.context import Context
from mpex_server.http.operations import operation
from mpex_server.records import routes
from mpex_server.records import service as records

routes.register(DIRECTIVES, create="createDirective", read="getDirective", listing="listDirectives")


def _again(ctx: Context, directive_id: str) -> Reply:
    return routes.shown(ctx, DIRECTIVES, records.read(ctx, DIRECTIVES, directive_id), status=201)


@operation("reviewDirective", replay=_again)
def review_directive(ctx: Context) -> Reply:
    """Enter that a directive was reviewed and stands."""
    directive = records.find(ctx, DIRECTIVES, ctx.path["directiveId"])
    changed = review.put_off(ctx, directive, ctx.body, actor=ctx.principal.client_id)
    ctx.audit("consentChange", subject=changed)
    return routes.shown(ctx, DIRECTIVES, changed, status=201)


@operation("freezeDirective", replay=_again)
def freeze_directive(ctx: Context) -> Reply:
    """Freeze a directive whose giver has died."""
    directive = records.find(ctx, DIRECTIVES, ctx.path["directiveId"])
    changed = succession.freeze(ctx, directive, ctx.body, actor=ctx.principal.client_id)
    ctx.audit("consentChange", "frozen", subject=changed)
    return routes.shown(ctx, DIRECTIVES, changed, status=201)


@operation("recordSuccessor", replay=_again)
def record_successor(ctx: Context) -> Reply:
    """Record the directive of the successor of somebody who died."""
    directive = records.find(ctx, DIRECTIVES, ctx.path["directiveId"])
    changed = succession.succeed(ctx, directive, ctx.body, actor=ctx.principal.client_id)
    ctx.audit("consentChange", subject=changed)
    return routes.shown(ctx, DIRECTIVES, changed, status=201)
