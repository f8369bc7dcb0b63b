"""What nodes tell one another of proposals: that there is one, and what was decided."""

from mpex_server.disclosures import repository as disclosed
from mpex_server.disclosures.decision import usable
from mpex_server.disclosures.work import Work
from mpex_server.events.taken import Taken
from mpex_server.partner_release_requests import offers
from mpex_server.proposals import service
from mpex_server.storage import links
from mpex_server.tasks import repository as tasks

_ANSWERED = "changeAnswered"


def take_proposal(work: Work, taken: Taken, _leaf: str, purpose: str) -> None:
    """Keep a proposal and open a task, if the partner has a release of a record of this node (PROP-004).

    Anything else is dropped in silence: an answer would tell what is here (PROP-005).
    """
    told = dict(taken.event)
    name, request = told.pop("changeProposalId"), told.pop("releaseRequestId")
    record = _released(work, taken.partner, told["release"])
    if record is None or work.documents.get(name) is not None:
        return
    collectable = offers.keep(work, taken, purpose, request)
    if collectable is None:
        return
    ends = {"from": taken.partner, "to": work.settings.node_id, "purpose": purpose}
    waits = {"releaseRequest": request, "partnerReleaseRequest": collectable.id}
    made = service.create(work, name, told | ends | waits | {"record": record}, owner=taken.partner)
    links.link(work.conn, made.id, service.COLLECTED, collectable.id)
    tasks.add(work, kind=service.TASK, subject=made.id, partner=taken.partner, purpose=purpose)


def take_answer(work: Work, taken: Taken, _leaf: str, _purpose: str) -> None:
    """Enter what the custodian decided; what others say, or what is no decision, is dropped."""
    proposal = work.documents.get(taken.event["changeProposalId"], service.KIND)
    if proposal is None or taken.partner != proposal.body["to"] or proposal.status != service.PROPOSED:
        return
    if taken.event["state"] in {service.ACCEPTED, service.DECLINED}:
        service.enter(work, proposal, {"state": taken.event["state"]}, actor=taken.partner)
        purpose = proposal.body["purpose"]
        tasks.add(work, kind=_ANSWERED, subject=proposal.id, partner=taken.partner, purpose=purpose)


def _released(work: Work, partner: str, release: str) -> str | None:
    """Return the record of which a partner received a release, while it is here and in use."""
    found = disclosed.under_reference(work.conn, partner, release)
    names = {entry.record for entry in found if entry.kind == "release"}
    here = (entry for entry in work.documents.many(sorted(names)) if usable(entry))
    return next((entry.id for entry in here if entry.kind in {"person", "remains"}), None)
