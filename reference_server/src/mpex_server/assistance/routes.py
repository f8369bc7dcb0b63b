"""Operations on assistance requests; those that tell of a death show under one purpose only."""

from functools import partial

from mpex_server.assistance import service
from mpex_server.assistance.service import ASSISTANCE
from mpex_server.http.call import Reply
from mpex_server.http.context import Context
from mpex_server.http.operations import operation
from mpex_server.records import routes
from mpex_server.records import service as records
from mpex_server.storage.documents import Document

routes.register(ASSISTANCE, create="createAssistanceRequest")


@operation("listAssistanceRequests")
def list_assistance_requests(ctx: Context) -> Reply:
    """List what was asked and what is asked of this node, oldest first."""
    return Reply(body=ctx.listed(partial(service.visible, ctx, ctx.principal.purpose), service.present))


@operation("getAssistanceRequest")
def get_assistance_request(ctx: Context) -> Reply:
    """Return what was asked, and the answers."""
    document = _named(ctx)
    ctx.audit("read", subject=document)
    return _shown(ctx, document)


def _answered_before(ctx: Context, assistance_id: str) -> Reply:
    return _shown(ctx, service.find(ctx, assistance_id, ctx.principal.purpose))


@operation("answerAssistanceRequest", replay=_answered_before)
def answer_assistance_request(ctx: Context) -> Reply:
    """Accept, decline or complete what a partner asks."""
    document = service.answer(ctx, _named(ctx), ctx.body, actor=ctx.principal.client_id)
    ctx.audit("write", document.status, subject=document)
    return _shown(ctx, document)


def _named(ctx: Context) -> Document:
    return service.find(ctx, ctx.path["assistanceId"], ctx.principal.purpose)


def _shown(ctx: Context, document: Document) -> Reply:
    tag = records.tag(ctx, document)
    return Reply(200, service.present(document), etag=tag, document_id=document.id)
