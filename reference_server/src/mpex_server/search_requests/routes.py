"""Operations on search requests."""

from mpex_server.errors import not_found
from mpex_server.http.call import Reply
from mpex_server.http.context import Context
from mpex_server.http.errand import Errand
from mpex_server.http.operations import operation
from mpex_server.kit.clock import instant
from mpex_server.kit.ids import new_id
from mpex_server.records import clearances, routes
from mpex_server.records import service as records
from mpex_server.search_requests import contacts, deaths, recovery
from mpex_server.search_requests.service import SEARCH_REQUESTS, enquirer_view
from mpex_server.storage.documents import Document

routes.register(
    SEARCH_REQUESTS,
    create="createSearchRequest",
    read="getSearchRequest",
    replace="replaceSearchRequest",
    listing="listSearchRequests",
)


@operation("getEnquirerView")
def get_enquirer_view(ctx: Context) -> Reply:
    """Return what the enquirer may see."""
    request = _request(ctx)
    ctx.audit("read", subject=request)
    return Reply(body=enquirer_view(request))


def _issued_before(ctx: Context, request_id: str) -> Reply:
    return _issued(ctx, request_id)


def _issued(ctx: Context, request_id: str, **code: str) -> Reply:
    return Reply(
        201, {"requestId": request_id, "issuedAt": instant(ctx.now())} | code, document_id=request_id
    )


@operation("issueRecoveryCode", replay=_issued_before)
def issue_recovery_code(ctx: Context) -> Reply:
    """Make a recovery code; only this answer shows it (ENQ-001)."""
    request = _request(ctx)
    code = recovery.issue(ctx, request)
    ctx.audit("recovery", "issued", subject=request)
    return _issued(ctx, request.id, code=code)


def _recovered_before(ctx: Context, request_id: str) -> Reply:
    request = ctx.documents.get(request_id, SEARCH_REQUESTS.kind)
    if request is None or request.erased_at is not None:
        raise not_found()
    return Reply(200, enquirer_view(request), document_id=request_id)


@operation("recoverSearchRequest", replay=_recovered_before)
def recover_search_request(ctx: Context) -> Reply | Errand:
    """Find a request by its code. A wrong code is counted in a transaction that the refusal does not undo."""
    found = recovery.find(ctx, ctx.body["code"], client_id=ctx.principal.client_id)
    if found is None:
        ctx.audit("recovery", "refused", reason="wrongCode")
        return Errand(run=_nothing, finish=_refuse, document_id=new_id("attempt"))
    request = records.find(ctx, SEARCH_REQUESTS, found)
    shown = enquirer_view(request) | {"code": recovery.issue(ctx, request)}
    ctx.audit("recovery", "used", subject=request)
    return Reply(200, shown, document_id=request.id)


def _nothing() -> None:
    return None


def _refuse(_ctx: Context, _result: None) -> Reply:
    raise not_found()


def _cleared_before(ctx: Context, contact_id: str) -> Reply:
    contact = ctx.documents.get(contact_id, clearances.KIND)
    if contact is None:
        raise not_found()
    return _cleared(ctx, contact)


def _cleared(ctx: Context, contact: Document) -> Reply:
    return Reply(201, clearances.view(contact, contacts.rules(_request(ctx))), document_id=contact.id)


@operation("clearContact", replay=_cleared_before)
def clear_contact(ctx: Context) -> Reply:
    """Clear a contact with the enquirer under the rules of safe contact."""
    request = _request(ctx)
    contact = contacts.clear(ctx, request, ctx.body, actor=ctx.principal.client_id)
    ctx.audit("contact", clearances.outcome(contact), subject=request)
    return _cleared(ctx, contact)


def _died_before(ctx: Context, request_id: str) -> Reply:
    return routes.shown(ctx, SEARCH_REQUESTS, records.read(ctx, SEARCH_REQUESTS, request_id), status=201)


@operation("recordEnquirerDeath", replay=_died_before)
def record_enquirer_death(ctx: Context) -> Reply:
    """Record that the enquirer has died."""
    changed = deaths.record(ctx, _request(ctx), ctx.body, actor=ctx.principal.client_id)
    ctx.audit("consentChange", "frozen", subject=changed)
    return routes.shown(ctx, SEARCH_REQUESTS, changed, status=201)


def _request(ctx: Context) -> Document:
    return records.find(ctx, SEARCH_REQUESTS, ctx.path["requestId"])
