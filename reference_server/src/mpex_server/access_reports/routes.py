"""Route of access reports; issuing one is logged."""

from mpex_server.access_reports import service
from mpex_server.http.call import Reply
from mpex_server.http.context import Context
from mpex_server.http.operations import operation


@operation("getAccessReport")
def get_access_report(ctx: Context) -> Reply:
    """Return who had what under a search request."""
    request = service.find(ctx, ctx.path["requestId"])
    body = service.report(ctx, request)
    ctx.audit("accessReport", subject=request)
    return Reply(body=body)
