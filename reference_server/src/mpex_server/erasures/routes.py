"""Operations on requests to erase."""

from mpex_server.access_reports import service as access_reports
from mpex_server.erasures import repository, service
from mpex_server.erasures.service import ERASURES
from mpex_server.http.call import Reply
from mpex_server.http.context import Context
from mpex_server.http.operations import operation
from mpex_server.records import routes
from mpex_server.records import service as records
from mpex_server.storage.documents import Document

routes.register(
    ERASURES,
    create="createErasureRequest",
    read="getErasureRequest",
    listing="listErasureRequests",
)


def _ended_before(ctx: Context, erasure_id: str) -> Reply:
    return _shown(ctx, records.read(ctx, ERASURES, erasure_id))


@operation("revokeErasureRequest", replay=_ended_before)
def revoke_erasure_request(ctx: Context) -> Reply:
    """Revoke a request in its waiting period."""
    changed = service.revoke(ctx, ctx.path["erasureId"])
    ctx.audit("write", "withdrawn", subject=changed)
    return _shown(ctx, changed)


@operation("confirmErasureRequest", replay=_ended_before)
def confirm_erasure_request(ctx: Context) -> Reply:
    """Confirm a request after its waiting period, which erases."""
    changed = service.confirm(ctx, ctx.path["erasureId"])
    ctx.audit("erasure", "done" if changed.status == repository.ERASED else "refused", subject=changed)
    return _shown(ctx, changed)


@operation("getErasureAccessReport")
def get_erasure_access_report(ctx: Context) -> Reply:
    """Return who had what of that which is to be erased, or was."""
    erasure = records.find(ctx, ERASURES, ctx.path["erasureId"])
    body = access_reports.of_erasure(ctx, erasure)
    ctx.audit("accessReport", subject=erasure)
    return Reply(body=body)


def _shown(ctx: Context, erasure: Document) -> Reply:
    return routes.shown(ctx, ERASURES, erasure)
