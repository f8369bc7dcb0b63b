"""Routes of received releases. Reading the data is a use, and is logged."""

from mpex_server.http.call import Reply
from mpex_server.http.context import Context
from mpex_server.http.operations import operation
from mpex_server.received_releases import service


@operation("listReceivedReleases")
def list_received_releases(ctx: Context) -> Reply:
    """List received releases with their conditions, oldest first; the data are read one by one."""
    limit: int = ctx.query["limit"]
    found = ctx.documents.listing(service.KIND, limit=limit + 1, after=ctx.after())
    ctx.audit("read", candidates=[document.id for document in found[:limit]])
    page = [service.view(document, ctx.now()) for document in found[:limit]]
    return Reply(body=ctx.page(page, found[limit - 1].position if len(found) > limit else None))


@operation("getReceivedRelease")
def get_received_release(ctx: Context) -> Reply:
    """Return a received release, with its data while it is active."""
    document = service.find(ctx, ctx.path["receivedReleaseId"])
    data = service.disclosures(ctx, document, ctx.principal.purpose)
    ctx.audit("read", subject=document, case_reference=document.body["caseReference"])
    body = service.view(document, ctx.now())
    return Reply(body=body if data is None else body | {"disclosures": data})
