"""Operations on proposals."""

from functools import partial

from mpex_server.http.call import Reply
from mpex_server.http.context import Context
from mpex_server.http.operations import operation
from mpex_server.proposals import contradictions, service
from mpex_server.received_releases import service as received_releases
from mpex_server.records import service as records
from mpex_server.storage.documents import Document


def _proposed_before(ctx: Context, proposal_id: str) -> Reply:
    return _shown(ctx, service.find(ctx, proposal_id), status=201)


@operation("createChangeProposal", replay=_proposed_before)
def create_change_proposal(ctx: Context) -> Reply:
    """Propose a change to the custodian of a received release."""
    received = received_releases.find(ctx, ctx.path["receivedReleaseId"])
    ctx.require_categories(ctx.body["categories"])
    who = ctx.principal
    made = service.propose(ctx, received, ctx.body, purpose=who.purpose, actor=who.person)
    ctx.audit("releaseDecision", "approved", subject=made, case_reference=made.body["caseReference"])
    return _shown(ctx, made, status=201)


@operation("listChangeProposals")
def list_change_proposals(ctx: Context) -> Reply:
    """List proposals of both directions, oldest first."""
    return Reply(body=ctx.listed(partial(ctx.documents.listing, service.KIND), service.present))


@operation("getChangeProposal")
def get_change_proposal(ctx: Context) -> Reply:
    """Return a proposal."""
    proposal = service.find(ctx, ctx.path["changeProposalId"])
    ctx.audit("read", subject=proposal)
    return _shown(ctx, proposal)


def _answered_before(ctx: Context, proposal_id: str) -> Reply:
    return _shown(ctx, service.find(ctx, proposal_id))


@operation("answerChangeProposal", replay=_answered_before)
def answer_change_proposal(ctx: Context) -> Reply:
    """Accept or decline what a partner proposes."""
    proposal = service.find(ctx, ctx.path["changeProposalId"])
    answered = service.answer(ctx, proposal, ctx.body, actor=ctx.principal.client_id)
    ctx.audit("write", answered.status, subject=answered)
    return _shown(ctx, answered)


def _shown(ctx: Context, proposal: Document, *, status: int = 200) -> Reply:
    tag = records.tag(ctx, proposal)
    body = service.present(proposal) | contradictions.shown(ctx, proposal, service.collected(ctx, proposal))
    return Reply(status, body, etag=tag, document_id=proposal.id)
