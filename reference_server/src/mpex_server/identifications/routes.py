"""Operations on identifications and on the notification of families."""

from functools import partial

from mpex_server.http.call import Reply
from mpex_server.http.context import Context
from mpex_server.http.operations import operation
from mpex_server.identifications import joint, service
from mpex_server.identifications.service import IDENTIFICATIONS
from mpex_server.records import routes
from mpex_server.records import service as records
from mpex_server.storage.documents import Document

routes.register(
    IDENTIFICATIONS,
    create="createIdentification",
    read="getIdentification",
    replace="replaceIdentification",
    listing="listIdentifications",
)


def _ended_before(ctx: Context, document_id: str) -> Reply:
    return routes.shown(ctx, IDENTIFICATIONS, records.read(ctx, IDENTIFICATIONS, document_id), status=201)


@operation("recordNotification", replay=_ended_before)
def record_notification(ctx: Context) -> Reply:
    """Record that the family was told."""
    return routes.shown(ctx, IDENTIFICATIONS, service.notify(ctx, ctx.path["identificationId"]), status=201)


@operation("liftEmbargo", replay=_ended_before)
def lift_embargo(ctx: Context) -> Reply:
    """Record that a named officer ended the embargo."""
    return routes.shown(ctx, IDENTIFICATIONS, service.lift(ctx, ctx.path["identificationId"]), status=201)


def _proposed_before(ctx: Context, proposal_id: str) -> Reply:
    return _proposal(ctx, joint.find(ctx, proposal_id), status=201)


@operation("proposeIdentification", replay=_proposed_before)
def propose_identification(ctx: Context) -> Reply:
    """Propose an identification to the node that made a release."""
    identification = records.find(ctx, IDENTIFICATIONS, ctx.path["identificationId"])
    actor = ctx.principal.client_id
    made = joint.propose(ctx, identification, ctx.body["receivedRelease"], actor=actor)
    ctx.audit(IDENTIFICATIONS.event, "sent", subject=identification)
    return _proposal(ctx, made, status=201)


@operation("listJointProposals")
def list_joint_proposals(ctx: Context) -> Reply:
    """List what was proposed to partners and by them, oldest first."""
    return Reply(body=ctx.listed(partial(ctx.documents.listing, joint.KIND), joint.present))


@operation("getJointProposal")
def get_joint_proposal(ctx: Context) -> Reply:
    """Return one proposal."""
    proposal = joint.find(ctx, ctx.path["proposalId"])
    ctx.audit("read", subject=proposal)
    return _proposal(ctx, proposal)


def _answered_before(ctx: Context, proposal_id: str) -> Reply:
    return _proposal(ctx, joint.find(ctx, proposal_id))


@operation("answerJointProposal", replay=_answered_before)
def answer_joint_proposal(ctx: Context) -> Reply:
    """Concur with what a partner proposes, or disagree."""
    proposal = joint.find(ctx, ctx.path["proposalId"])
    answered = joint.answer(ctx, proposal, ctx.body, actor=ctx.principal.client_id)
    ctx.audit(IDENTIFICATIONS.event, subject=answered)
    return _proposal(ctx, answered)


def _proposal(ctx: Context, proposal: Document, *, status: int = 200) -> Reply:
    tag = records.tag(ctx, proposal)
    return Reply(status, joint.present(proposal), etag=tag, document_id=proposal.id)
