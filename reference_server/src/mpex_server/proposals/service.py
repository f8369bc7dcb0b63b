"""Rules of proposals, of both sides. The document of each side is under the same identifier.

A proposal names things only; the data wait at the node that proposes, as a release that it has approved.
"""

from typing import Any

from mpex_server import office
from mpex_server.disclosures.work import Work
from mpex_server.domain.purposes import PROTECT_LIFE
from mpex_server.errors import Fault, Problem, not_found
from mpex_server.http.context import Context
from mpex_server.kit.clock import instant
from mpex_server.kit.ids import new_id
from mpex_server.peers import registry
from mpex_server.proposals import accepted
from mpex_server.recalls import outbox
from mpex_server.received_releases import custodians
from mpex_server.received_releases import service as received_releases
from mpex_server.records.resource import broken_rule
from mpex_server.release_requests import requests
from mpex_server.release_requests import service as release_requests
from mpex_server.storage import links
from mpex_server.storage.documents import Document
from mpex_server.tasks import repository as tasks

KIND = "changeProposal"
PROPOSED, ACCEPTED, DECLINED = "proposed", "accepted", "declined"
TASK = "changeProposed"
COLLECTED = "collected"
_STATES = {"accept": ACCEPTED, "decline": DECLINED}
_SAID = ("kind", "contribution", "categories", "release", "caseReference")
Json = dict[str, Any]


def propose(work: Work, received: Document, draft: Json, *, purpose: str, actor: str) -> Document:
    """Approve a release of an own record for the custodian and tell it so; raises Problem (PROP-001)."""
    received_releases.require_usable(work, received, purpose)
    custodian, record = custodians.present(received.body), _own(work, received, draft)
    _check(work, record, custodian, draft["categories"], purpose)
    request = _approved(work, record, received, draft, custodian=custodian, actor=actor)
    body = {
        "from": work.settings.node_id,
        "to": custodian,
        "purpose": purpose,
        "caseReference": received.body["caseReference"],
        "release": received.body["release"],
        "record": record.id,
        "kind": draft["kind"],
        "categories": sorted(draft["categories"]),
        "releaseRequest": request.id,
    }
    body |= {name: draft[name] for name in ("contribution",) if name in draft}
    made = create(work, new_id(KIND), body, owner=None)
    told = {name: body[name] for name in _SAID if name in body} | {"releaseRequestId": request.id}
    _send(work, made, custodian, "changeProposed", told)
    return made


def answer(ctx: Context, proposal: Document, given: Json, *, actor: str) -> Document:
    """Take what was collected into the record, or erase it, and tell the partner (PROP-006, PROP-008).

    Raises Problem `conflict` when the proposal is answered, or nothing was collected that may be used.
    """
    if proposal.owner is None:
        raise Problem("conflict", "Another node was asked; it answers.")
    if proposal.status != PROPOSED:
        raise Problem("conflict", "The proposal was answered before.")
    received = collected(ctx, proposal)
    if given["answer"] == "accept":
        _accept(ctx, proposal, received)
    elif received is not None and received_releases.is_held(ctx, received):
        received_releases.give_up(ctx, received, actor=actor)
    state = _STATES[given["answer"]]
    reason = {"reason": given["reason"]} if "reason" in given else {}
    tasks.close_of(ctx.conn, proposal.id, TASK)
    _send(ctx, proposal, proposal.owner, "changeAnswered", {"state": state})
    return enter(ctx, proposal, {"state": state} | reason, actor=actor)


def reopen(work: Work, request: str) -> None:
    """Let staff look again at what was accepted, for what was collected anew is something else (PROP-011)."""
    for proposal in work.documents.many(links.linked_to(work.conn, request, COLLECTED)):
        if proposal.status == ACCEPTED:
            told = {"partner": proposal.owner, "purpose": proposal.body["purpose"]}
            tasks.add(work, kind=TASK, subject=proposal.id, **told)
            enter(work, proposal, {"state": PROPOSED}, actor=work.settings.node_id)


def create(work: Work, proposal_id: str, body: Json, *, owner: str | None) -> Document:
    """Store a proposal of either side."""
    whole = {"changeProposalId": proposal_id} | body | {"state": PROPOSED}
    return work.documents.create(
        proposal_id, whole, kind=KIND, type=body["kind"], status=PROPOSED, owner=owner
    )


def enter(work: Work, proposal: Document, members: Json, *, actor: str) -> Document:
    """Note what became of a proposal."""
    body = proposal.body | members
    return work.documents.replace(proposal, body, reason="answered", actor=actor, status=body["state"])


def find(work: Work, proposal_id: str) -> Document:
    """Return a proposal; raises Problem `notFound`."""
    document = work.documents.get(proposal_id, KIND)
    if document is None or document.erased_at is not None:
        raise not_found()
    return document


def present(proposal: Document) -> Json:
    """Return a proposal as it is shown (change-proposal.json)."""
    row = {"version": proposal.version, "createdAt": proposal.created_at, "updatedAt": proposal.updated_at}
    return proposal.body | row


def collected(work: Work, proposal: Document) -> Document | None:
    """Return what was collected of a partner's proposal; None before that, and for what it was declined."""
    request = work.documents.get(proposal.body.get("partnerReleaseRequest", ""))
    received = None if request is None else request.body.get("receivedRelease")
    if received is None or proposal.status == DECLINED:
        return None
    return received_releases.find(work, received)


def _own(work: Work, received: Document, draft: Json) -> Document:
    record = work.documents.get(draft["record"])
    kind = received.body["record"].partition(":")[0]
    if record is None or record.kind != kind or not release_requests.may_be_known(record):
        text = "names no record of this node of the same kind of which partners may know"
        raise broken_rule((("record",), text))
    return record


def _check(work: Work, record: Document, custodian: str, categories: list[str], purpose: str) -> None:
    """Refuse what the custodian may not have, and what one person does not release alone."""
    partner = registry.find(work.conn, custodian, work.now())
    if partner is None:
        raise Problem("conflict", "The custodian of the record is no active partner of this node.")
    if purpose == PROTECT_LIFE:
        raise Problem("ruleViolation", "An emergency needs two persons, and ends; propose nothing for it.")
    asked = frozenset(categories)
    decided = release_requests.decide(work, record, registry.requester(partner.entry), purpose, asked)
    held = {name for entry in record.body["contributions"] for name in entry["sections"]}
    texts = {
        "is not in the record": asked - held,
        "takes two persons to release; it is released on request": asked & office.of(work.settings).four_eyes,
        "is not permitted to the custodian": asked - decided.categories,
    }
    faults = [
        Fault(f"/categories/{categories.index(name)}", text)
        for text, names in texts.items()
        for name in sorted(names)
    ]
    if faults:
        raise Problem("ruleViolation", faults=faults)


def _approved(
    work: Work, record: Document, received: Document, draft: Json, *, custodian: str, actor: str
) -> Document:
    """Store a release request of the custodian that is approved already; consent is decided at each fetch."""
    now, categories = instant(work.now()), sorted(draft["categories"])
    body = {
        "partner": custodian,
        "record": record.id,
        "purpose": received.body["purpose"],
        "legalBasis": draft["legalBasis"],
        "caseReference": received.body["caseReference"],
        "reason": "A change was proposed.",
        "requestedCategories": categories,
        "grantedCategories": categories,
        "requestedAt": now,
        "dueAt": now,
        "decidedAt": now,
        "decidedBy": actor,
    }
    kind = requests.KIND
    made = work.documents.create(new_id(kind), body, kind=kind, type=kind, status="approved", owner=custodian)
    links.link(work.conn, made.id, requests.RECORD, record.id)
    return made


def _accept(ctx: Context, proposal: Document, received: Document | None) -> None:
    if received is None:
        raise Problem("conflict", "Collect what is proposed, and look at it, before you accept.")
    received_releases.require_usable(ctx, received, ctx.principal.purpose)
    if not accepted.take_in(ctx, received, proposal.body["record"]):
        raise Problem("conflict", "The record may not be changed, or what was collected has no place in it.")


def _send(work: Work, proposal: Document, partner: str, event_type: str, event: Json) -> None:
    outbox.tell(work, proposal, partner, event_type, {"changeProposalId": proposal.id} | event)
