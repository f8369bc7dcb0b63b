"""Routes of withdrawals and recalls."""

from functools import partial

from mpex_server.directives.service import DIRECTIVES
from mpex_server.http.call import Reply
from mpex_server.http.context import Context
from mpex_server.http.operations import operation
from mpex_server.recalls import causes, service
from mpex_server.records import service as records
from mpex_server.records.routes import shown
from mpex_server.storage.documents import Document


def _again(ctx: Context, directive_id: str) -> Reply:
    return _shown(ctx, records.read(ctx, DIRECTIVES, directive_id))


@operation("withdrawDirective", replay=_again)
def withdraw_directive(ctx: Context) -> Reply:
    """Withdraw a directive as a whole or for named purposes."""
    directive = records.find(ctx, DIRECTIVES, ctx.path["directiveId"])
    changed = causes.withdraw(ctx, directive, ctx.body, actor=ctx.principal.client_id)
    ctx.audit("consentChange", "withdrawn", subject=changed)
    return _shown(ctx, changed)


@operation("listRecalls")
def list_recalls(ctx: Context) -> Reply:
    """List recalls, oldest first, or those in one state."""
    return Reply(
        body=ctx.listed(
            partial(service.listed, ctx, state=ctx.query.get("state")), partial(service.view, ctx)
        )
    )


@operation("getRecall")
def get_recall(ctx: Context) -> Reply:
    """Return one recall."""
    document = service.find(ctx, ctx.path["recallId"])
    ctx.audit("read")
    return Reply(body=service.view(ctx, document))


def _declared_before(ctx: Context, recall_id: str) -> Reply:
    return _declared(ctx, service.find(ctx, recall_id))


@operation("createRecall", replay=_declared_before)
def create_recall(ctx: Context) -> Reply:
    """Call back what was disclosed of a record, for a cause that staff name."""
    recall = causes.declare(ctx, ctx.body)
    ctx.audit("recall", subject=recall)
    return _declared(ctx, recall)


def _declared(ctx: Context, recall: Document) -> Reply:
    headers = {"Location": f"/v1/recalls/{recall.id}"}
    return Reply(201, service.view(ctx, recall), headers, document_id=recall.id)


def _shown(ctx: Context, directive: Document) -> Reply:
    return shown(ctx, DIRECTIVES, directive, status=201)
