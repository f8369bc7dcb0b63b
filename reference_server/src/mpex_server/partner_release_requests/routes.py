"""Routes of partner release requests: each calls the partner between two units of work."""

from functools import partial
from typing import Any

from mpex_server.errors import Problem
from mpex_server.http.call import Reply
from mpex_server.http.context import Context
from mpex_server.http.errand import Errand
from mpex_server.http.operations import operation
from mpex_server.kit.ids import new_id
from mpex_server.onward import offers
from mpex_server.partner_release_requests import service
from mpex_server.proposals import accepted
from mpex_server.proposals import service as proposals
from mpex_server.received_releases import service as received_releases
from mpex_server.storage.documents import Document
from mpex_server.tasks import repository as tasks

Json = dict[str, Any]


def _asked_again(ctx: Context, request_id: str) -> Reply | Errand:
    """Show what was made; ask again when the first attempt failed at the partner."""
    document = ctx.documents.get(request_id, service.KIND)
    return _ask(ctx, request_id) if document is None else _created(document)


@operation("createPartnerReleaseRequest", replay=_asked_again)
def create_partner_release_request(ctx: Context) -> Errand:
    """Ask a partner, through this node, to release more."""
    return _ask(ctx, new_id(service.KIND))


@operation("getPartnerReleaseRequest")
def get_partner_release_request(ctx: Context) -> Errand:
    """Ask the partner for the state and return it."""
    document = service.find(ctx, ctx.path["partnerReleaseRequestId"])
    partner = service.partner_of(ctx, document, purpose=ctx.principal.purpose)
    ctx.audit("read", subject=document, case_reference=document.body["caseReference"])

    def finish(later: Context, status: Json) -> Reply:
        current = service.find(later, document.id)
        if status != current.body["status"]:
            current = service.update(later, current, status=status)
        return Reply(body=service.view(current))

    return Errand(partial(service.ask_status, ctx.call.node.peers, partner, document.body), finish)


def _replied_again(ctx: Context, request_id: str) -> Reply | Errand:
    document = service.find(ctx, request_id)
    asked = document.body["status"]["state"] == "needMore"
    return _reply(ctx, document) if asked else Reply(200, service.view(document), document_id=document.id)


@operation("replyToPartnerQuestion", replay=_replied_again)
def reply_to_partner_question(ctx: Context) -> Errand:
    """Reply to the partner's question about a request."""
    return _reply(ctx, service.find(ctx, ctx.path["partnerReleaseRequestId"]))


def _collected_again(ctx: Context, request_id: str) -> Reply | Errand:
    document = service.find(ctx, request_id)
    received = document.body.get("receivedRelease")
    return _collect(ctx, document) if received is None else _received(ctx, document.id, received)


@operation("collectPartnerRelease", replay=_collected_again)
def collect_partner_release(ctx: Context) -> Errand:
    """Fetch the release, check it, and keep it under its conditions; once more renews it."""
    return _collect(ctx, service.find(ctx, ctx.path["partnerReleaseRequestId"]))


def _ask(ctx: Context, request_id: str) -> Errand:
    sent = service.message(ctx, ctx.body, purpose=ctx.principal.purpose)
    ctx.audit("releaseRequest", "sent", case_reference=sent.body["caseReference"])

    def finish(later: Context, status: Json) -> Reply:
        later.audit("releaseRequest", "answered", case_reference=sent.body["caseReference"])
        return _created(service.store(later, request_id, sent, status))

    ask = partial(service.ask, ctx.call.node.peers, request_id, sent)
    return Errand(ask, finish, status=201, document_id=request_id)


def _reply(ctx: Context, document: Document) -> Errand:
    partner = service.partner_of(ctx, document, purpose=ctx.principal.purpose)
    if document.body["status"]["state"] != "needMore":
        raise Problem("conflict", "The partner has asked nothing that is not answered.")
    ctx.audit("releaseRequest", "sent", subject=document, case_reference=document.body["caseReference"])
    # One key for each question, so that a lost answer does not make a second reply.
    key = f"{document.id.partition(':')[2]}-{document.version}"

    def finish(later: Context, status: Json) -> Reply:
        later.audit("releaseRequest", "answered", case_reference=document.body["caseReference"])
        current = service.update(later, service.find(later, document.id), status=status)
        return Reply(200, service.view(current), document_id=current.id)

    text: str = ctx.body["reply"]
    send = partial(service.send_reply, ctx.call.node.peers, partner, document.body, text, key)
    return Errand(send, finish, status=200, document_id=document.id)


def _collect(ctx: Context, document: Document) -> Errand:
    partner = service.partner_of(ctx, document, purpose=ctx.principal.purpose)
    if document.body["status"]["state"] in {"refused", "withdrawn"}:
        raise Problem("conflict", "The partner has released nothing.")
    ctx.audit("collect", "sent", subject=document, case_reference=document.body["caseReference"])

    def finish(later: Context, package: Json) -> Reply:
        current = service.find(later, document.id)
        release, claims = service.opened(later, partner, current.body, package)
        received = received_releases.keep(later, partner.node_id, release, claims)
        before = current.body.get("receivedRelease")
        earlier = [] if before is None else [received_releases.find(later, before)]
        for older in received_releases.replace_older(later, received, before):
            offers.renew(later, older, received)
            earlier.append(older)
        if not accepted.renew(later, earlier, received):
            proposals.reopen(later, current.id)
        tasks.close_of(later.conn, current.id, "releaseOffered")
        service.update(later, current, receivedRelease=received.id)
        later.audit("collect", "received", subject=received, case_reference=claims["caseReference"])
        return _received(later, document.id, received.id)

    fetch = partial(service.fetch, ctx.call.node.peers, partner, document.body)
    return Errand(fetch, finish, status=201, document_id=document.id)


def _created(document: Document) -> Reply:
    headers = {"Location": f"/v1/partner-release-requests/{document.id}"}
    return Reply(201, service.view(document), headers, document_id=document.id)


def _received(ctx: Context, request_id: str, received_id: str) -> Reply:
    document = received_releases.find(ctx, received_id)
    body = received_releases.shown(ctx, document)
    data = received_releases.disclosures(ctx, document, ctx.principal.purpose)
    headers = {"Location": f"/v1/received-releases/{received_id}"}
    shown = body if data is None else body | {"disclosures": data}
    return Reply(201, shown, headers, document_id=request_id)
