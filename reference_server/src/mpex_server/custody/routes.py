"""Operations on custody transfers."""

from functools import partial
from typing import Any

from mpex_server.custody import handing_out, sealing, service, taking
from mpex_server.custody.collected import OFFERED, REFUSED
from mpex_server.custody.packages import Terms
from mpex_server.custody.service import TRANSFERS
from mpex_server.errors import Problem, not_found
from mpex_server.http.call import Reply
from mpex_server.http.context import Context
from mpex_server.http.errand import Errand
from mpex_server.http.operations import operation
from mpex_server.peers.sealing import key_of
from mpex_server.records import routes
from mpex_server.records import service as records
from mpex_server.storage.documents import Document

routes.register(TRANSFERS, create="createCustodyTransfer")


@operation("listCustodyTransfers")
def list_custody_transfers(ctx: Context) -> Reply:
    """List custody transfers of both directions, oldest first."""
    return Reply(body=ctx.listed(partial(ctx.documents.listing, TRANSFERS.kind), service.present))


@operation("getCustodyTransfer")
def get_custody_transfer(ctx: Context) -> Reply:
    """Return how far a transfer is."""
    transfer = _named(ctx)
    ctx.audit("read", subject=transfer)
    return _shown(ctx, transfer)


@operation("collectCustodyRecord")
def collect_custody_record(ctx: Context) -> Reply:
    """Hand the record out, sealed, to the node to which it was offered."""
    who = ctx.principal
    if who.partner is None:
        raise not_found()
    key = key_of(who.partner)
    terms = Terms(ctx.path["transferId"], who.node_id, who.purpose)
    given = handing_out.ready(ctx, terms)
    leaf = ctx.audit("release", "custody", subject=given.transfer)
    package = handing_out.hand_out(ctx, given, leaf)
    return Reply(body=sealing.sealed(package, key, terms, issuer=ctx.settings.node_id))


def _answered_before(ctx: Context, transfer_id: str) -> Reply:
    return _shown(ctx, records.find(ctx, TRANSFERS, transfer_id))


@operation("decideCustodyOffer", replay=_answered_before)
def decide_custody_offer(ctx: Context) -> Reply:
    """Approve an offer as the second person, refuse it, or take back one that was not answered."""
    who, transfer = ctx.principal, _named(ctx)
    decided = service.decide(ctx, transfer, ctx.body["decision"], by=who.person, actor=who.client_id)
    ctx.audit("write", "refused" if decided.status == REFUSED else "done", subject=decided)
    return _shown(ctx, decided)


@operation("answerCustodyOffer", replay=_answered_before)
def answer_custody_offer(ctx: Context) -> Reply | Errand:
    """Decline, or fetch the record and take it over."""
    transfer = _named(ctx)
    if transfer.owner is None or transfer.status != OFFERED:
        raise Problem("conflict", "The offer was answered before, or is one of this node.")
    if ctx.body["answer"] == "decline":
        declined = service.decline(ctx, transfer, actor=ctx.principal.client_id)
        ctx.audit("write", declined.status, subject=declined)
        return _shown(ctx, declined)
    partner = taking.partner_of(ctx, transfer)
    ctx.audit("collect", "sent", subject=transfer)
    accepts = bool(ctx.body.get("withheldAccepted"))

    def finish(later: Context, package: dict[str, Any]) -> Reply:
        current = records.find(later, TRANSFERS, transfer.id)
        actor = later.principal.client_id
        taken = taking.keep(later, current, partner, package, accepts_loss=accepts, actor=actor)
        later.audit("collect", "received", subject=taken)
        return _shown(later, taken)

    fetch = partial(taking.fetch, ctx.call.node.peers, partner, transfer.body)
    return Errand(fetch, finish, document_id=transfer.id)


def _named(ctx: Context) -> Document:
    return records.find(ctx, TRANSFERS, ctx.path["transferId"])


def _shown(ctx: Context, transfer: Document) -> Reply:
    tag = records.tag(ctx, transfer)
    return Reply(200, service.present(transfer), etag=tag, document_id=transfer.id)
