"""Routes of withdrawals and recalls."""

from mpex_server.directives.service import DIRECTIVES
from mpex_server.errors import not_found
from mpex_server.http.call import Reply
from mpex_server.http.context import Context
from mpex_server.http.operations import operation
from mpex_server.recalls import recalls, service
from mpex_server.records import service as records
from mpex_server.records.routes import shown
from mpex_server.storage.documents import Document


def _again(ctx: Context, directive_id: str) -> Reply:
    return _shown(ctx, records.read(ctx, DIRECTIVES, directive_id))


@operation("withdrawDirective", replay=_again)
def withdraw_directive(ctx: Context) -> Reply:
    """Withdraw a directive as a whole or for named purposes."""
    directive = records.find(ctx, DIRECTIVES, ctx.path["directiveId"])
    changed = service.withdraw(ctx, directive, ctx.body, actor=ctx.principal.client_id)
    ctx.audit("consentChange", "withdrawn", subject=changed)
    return _shown(ctx, changed)


@operation("listRecalls")
def list_recalls(ctx: Context) -> Reply:
    """List recalls, oldest first."""
    limit: int = ctx.query["limit"]
    found = ctx.documents.listing(recalls.KIND, limit=limit + 1, after=ctx.after())
    ctx.audit("read")
    page = [service.view(ctx, document) for document in found[:limit]]
    return Reply(body=ctx.page(page, found[limit - 1].position if len(found) > limit else None))


@operation("getRecall")
def get_recall(ctx: Context) -> Reply:
    """Return one recall."""
    document = ctx.documents.get(ctx.path["recallId"], recalls.KIND)
    if document is None:
        raise not_found()
    ctx.audit("read")
    return Reply(body=service.view(ctx, document))


def _shown(ctx: Context, directive: Document) -> Reply:
    return shown(ctx, DIRECTIVES, directive, status=201)
