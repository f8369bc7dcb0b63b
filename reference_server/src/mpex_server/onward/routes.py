"""Routes of onward sharing: pass on, and decide as the origin."""

from functools import partial

from mpex_server.http.call import Reply
from mpex_server.http.context import Context
from mpex_server.http.operations import operation
from mpex_server.onward import breaches, offers, origin
from mpex_server.received_releases import service as received_releases
from mpex_server.storage.documents import Document


def _offered_before(ctx: Context, offer_id: str) -> Reply:
    return _offered(received_releases.require(ctx.documents.get(offer_id, offers.KIND)))


@operation("passReleaseOn", replay=_offered_before)
def pass_release_on(ctx: Context) -> Reply:
    """Offer a received release to another partner."""
    received = received_releases.find(ctx, ctx.path["receivedReleaseId"])
    offer = offers.pass_on(
        ctx, received, ctx.body, purpose=ctx.principal.purpose, actor=ctx.principal.client_id
    )
    ctx.audit("release", "sent", subject=received, case_reference=received.body["caseReference"])
    return _offered(offer)


def _reported_before(ctx: Context, received_id: str) -> Reply:
    return _reported(ctx, received_releases.find(ctx, received_id))


@operation("reportBreach", replay=_reported_before)
def report_breach(ctx: Context) -> Reply:
    """Report what befell a received release."""
    received = received_releases.find(ctx, ctx.path["receivedReleaseId"])
    breaches.report(ctx, received, ctx.body)
    ctx.audit("write", "sent", subject=received, case_reference=received.body["caseReference"])
    return _reported(ctx, received)


@operation("listOnward")
def list_onward(ctx: Context) -> Reply:
    """List to whom a received release was offered."""
    received = received_releases.find(ctx, ctx.path["receivedReleaseId"])
    ctx.audit("read", subject=received)
    return Reply(body={"items": [offers.view(offer) for offer in offers.listed(ctx, received)]})


@operation("listOnwardRequests")
def list_onward_requests(ctx: Context) -> Reply:
    """List the questions of recipients whether they may pass on."""
    return Reply(body=ctx.listed(partial(ctx.documents.listing, origin.KIND), origin.view))


def _decided_before(ctx: Context, request_id: str) -> Reply:
    return _decided(origin.find(ctx, request_id))


@operation("decideOnwardRequest", replay=_decided_before)
def decide_onward_request(ctx: Context) -> Reply:
    """Answer a recipient that asks whether it may pass on."""
    question = origin.find(ctx, ctx.path["onwardRequestId"])
    decided = origin.decide(ctx, question, ctx.body["decision"], actor=ctx.principal.person)
    ctx.audit("releaseDecision", decided.status, subject=decided)
    return _decided(decided)


def _reported(ctx: Context, received: Document) -> Reply:
    return Reply(200, received_releases.shown(ctx, received), document_id=received.id)


def _offered(offer: Document) -> Reply:
    return Reply(201, offers.view(offer), document_id=offer.id)


def _decided(question: Document) -> Reply:
    return Reply(200, origin.view(question), document_id=question.id)
