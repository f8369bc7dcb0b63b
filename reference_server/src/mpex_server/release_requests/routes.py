"""Routes of release requests: the partner's side, and the release officer's cases."""

from functools import partial
from typing import Any

from sqlalchemy import Connection

from mpex_server.domain.directives import Requester
from mpex_server.errors import Problem
from mpex_server.http.call import Reply
from mpex_server.http.context import Context
from mpex_server.http.operations import operation
from mpex_server.kit.ids import new_id
from mpex_server.onward import offers
from mpex_server.peers import budget
from mpex_server.peers.sealing import key_of
from mpex_server.release_requests import cases, requests, sealing, service
from mpex_server.storage.documents import Document

Json = dict[str, Any]


def _asked_again(ctx: Context, request_id: str) -> Reply:
    return _accepted(ctx, service.own(ctx, request_id, ctx.principal.client_id))


@operation("createReleaseRequest", replay=_asked_again)
def create_release_request(ctx: Context) -> Reply:
    """Take a partner's request for more on a possible hit."""
    requester = _requester(ctx)
    ctx.require_categories(service.asked_for(ctx.body))
    request = _charged(ctx, requester)
    policy = request.body.get("policy")
    ctx.audit("releaseRequest", subject=request, case_reference=ctx.body["caseReference"], reason=policy)
    return _accepted(ctx, request)


def _charged(ctx: Context, requester: Requester) -> Document:
    """Store a request, which costs one of the partner's day; what is not found costs the same (REL-021)."""
    limit = ctx.settings.release_requests_per_day

    def charge(conn: Connection) -> None:
        budget.charge(conn, partner=requester.node_id, kind="releaseRequest", now=ctx.now(), limit=limit)

    def charge_all_the_same(conn: Connection) -> Problem | None:
        try:
            charge(conn)
        except Problem as spent:
            return spent
        return None

    charge(ctx.conn)
    try:
        return service.create(ctx, new_id(requests.KIND), requester, ctx.body)
    except Problem as refused:
        refused.stays = charge_all_the_same
        raise


@operation("replyToReleaseQuestion", replay=_asked_again)
def reply_to_release_question(ctx: Context) -> Reply:
    """Take the partner's reply to a question on its own request."""
    requester = _requester(ctx)
    request = service.own(ctx, ctx.path["releaseRequestId"], requester.node_id)
    _same_purpose(ctx, request)
    replied = service.reply(ctx, request, ctx.body["reply"], by=requester.node_id)
    ctx.audit("releaseRequest", "answered", subject=request, case_reference=request.body["caseReference"])
    return _accepted(ctx, replied)


@operation("getReleaseRequest")
def get_release_request(ctx: Context) -> Reply:
    """Return the state of the partner's own request."""
    requester = _requester(ctx)
    offer = offers.find(ctx, ctx.path["releaseRequestId"], requester.node_id)
    if offer is not None:
        ctx.audit("read", subject=offer)
        return Reply(body=offers.status(ctx, offer, requester))
    request = service.own(ctx, ctx.path["releaseRequestId"], requester.node_id)
    ctx.audit("read", subject=request)
    return Reply(body=service.status(ctx, request, requester))


@operation("collectRelease")
def collect_release(ctx: Context) -> Reply:
    """Hand out the signed release, sealed to the partner; consent is decided again."""
    requester, key = _requester(ctx), key_of(ctx.principal.partner or {})
    offer = offers.find(ctx, ctx.path["releaseRequestId"], requester.node_id)
    if offer is not None:
        return Reply(body=sealing.sealed(_collect_offer(ctx, offer, requester), key))
    request = service.own(ctx, ctx.path["releaseRequestId"], requester.node_id)
    body = request.body
    _same_purpose(ctx, request)
    ctx.require_categories(body.get("grantedCategories", ()))
    record, _, _ = service.collectable(ctx, request, requester)
    leaf = ctx.audit("release", subject=record, case_reference=body["caseReference"])
    return Reply(body=sealing.sealed(service.collect(ctx, request, requester, leaf), key))


def _collect_offer(ctx: Context, offer: Document, requester: Requester) -> Json:
    """Hand out what a partner of this node released, under its conditions."""
    if ctx.principal.purpose != offer.body["purpose"]:
        raise Problem("purposeNotAllowed", "The token is for another purpose than the release.")
    ctx.require_categories(offer.body["categories"])
    received = offers.collectable(ctx, offer, requester)
    leaf = ctx.audit("release", subject=received, case_reference=offer.body["caseReference"])
    return offers.collect(ctx, offer, requester, leaf)


@operation("listReleaseCases")
def list_release_cases(ctx: Context) -> Reply:
    """List release requests, due first."""
    return Reply(
        body=ctx.listed(partial(cases.listed, ctx, state=ctx.query.get("state")), partial(cases.view, ctx))
    )


@operation("getReleaseCase")
def get_release_case(ctx: Context) -> Reply:
    """Return one release request as the release officer sees it."""
    request = cases.find(ctx, ctx.path["releaseRequestId"])
    ctx.audit("read", subject=request)
    return Reply(body=cases.view(ctx, request))


def _decided_before(ctx: Context, request_id: str) -> Reply:
    return _decided(ctx, cases.find(ctx, request_id))


@operation("decideReleaseCase", replay=_decided_before)
def decide_release_case(ctx: Context) -> Reply:
    """Enter a person's decision."""
    request = cases.find(ctx, ctx.path["releaseRequestId"])
    decided = cases.decide(ctx, request, ctx.body, decided_by=ctx.principal.person)
    ctx.audit("releaseDecision", decided.status, subject=decided)
    return _decided(ctx, decided)


def _requester(ctx: Context) -> Requester:
    if ctx.principal.partner is None:
        raise Problem("actionNotAllowed", "Release requests come from partners.")
    return Requester.from_document(ctx.principal.partner)


def _same_purpose(ctx: Context, request: Document) -> None:
    if ctx.principal.purpose != request.body["purpose"]:
        raise Problem("purposeNotAllowed", "The token is for another purpose than the request.")


def _accepted(ctx: Context, request: Document) -> Reply:
    headers = {"Location": f"/v1/release-requests/{request.id}"}
    return Reply(202, service.status(ctx, request, _requester(ctx)), headers, document_id=request.id)


def _decided(ctx: Context, request: Document) -> Reply:
    return Reply(200, cases.view(ctx, request), document_id=request.id)
