"""Routes of received releases. Reading the data is a use, and is logged."""

from functools import partial

from mpex_server.http.call import Reply
from mpex_server.http.context import Context
from mpex_server.http.operations import operation
from mpex_server.received_releases import recalled, service
from mpex_server.storage.documents import Document


@operation("listReceivedReleases")
def list_received_releases(ctx: Context) -> Reply:
    """List received releases with their conditions, oldest first; the data are read one by one."""
    return Reply(body=ctx.listed(partial(ctx.documents.listing, service.KIND), partial(service.shown, ctx)))


@operation("getReceivedRelease")
def get_received_release(ctx: Context) -> Reply:
    """Return a received release, with its data while it is active."""
    document = service.find(ctx, ctx.path["receivedReleaseId"])
    data = service.disclosures(ctx, document, ctx.principal.purpose)
    ctx.audit("read", subject=document, case_reference=document.body["caseReference"])
    body = service.shown(ctx, document)
    return Reply(body=body if data is None else body | {"disclosures": data})


def _retained_before(ctx: Context, received_id: str) -> Reply:
    return _settled(ctx, service.find(ctx, received_id))


@operation("retainReceivedRelease", replay=_retained_before)
def retain_received_release(ctx: Context) -> Reply:
    """Enter that a law compels this node to keep a received release."""
    document = service.find(ctx, ctx.path["receivedReleaseId"])
    changed = service.retain(ctx, document, ctx.body, actor=ctx.principal.client_id)
    ctx.audit("write", subject=changed)
    return _settled(ctx, changed)


@operation("eraseReceivedRelease", replay=_retained_before)
def erase_received_release(ctx: Context) -> Reply:
    """Erase a received release; whoever called it back gets a receipt that says so."""
    document = service.find(ctx, ctx.path["receivedReleaseId"])
    changed = service.give_up(ctx, document, actor=ctx.principal.client_id)
    leaf = ctx.audit("erasure", subject=changed)
    recalled.tell_erased(ctx, changed, leaf)
    return _settled(ctx, changed)


def _settled(ctx: Context, document: Document) -> Reply:
    return Reply(200, service.shown(ctx, document), document_id=document.id)
