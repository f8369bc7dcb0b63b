"""What partners say of joint identifications: they propose, answer, revoke, and tell a family.

Nothing that comes changes a decision of this node; a task asks the competent officer to look (CASE-020).
"""

from typing import Any

from mpex_server.disclosures import repository as disclosed
from mpex_server.disclosures.work import Work
from mpex_server.events.taken import Taken
from mpex_server.identifications import joint, repository
from mpex_server.storage import links
from mpex_server.storage.documents import Document
from mpex_server.tasks import repository as tasks

_LOOK = "jointIdentification"
_ENTERED = {"revoked": "revokedAt", "notified": "notifiedAt"}
Json = dict[str, Any]


def take_proposal(work: Work, taken: Taken, _leaf: str, purpose: str) -> None:
    """Keep what the recipient of a release concludes from it, and open a task for those who may know."""
    proposed = dict(taken.event)
    name = proposed.pop("proposalId")
    record = _released(work, taken.partner, proposed["release"])
    if record is None or proposed["conclusion"] != repository.DEATH or work.documents.get(name) is not None:
        return
    ends = {"from": taken.partner, "to": work.settings.node_id, "purpose": purpose}
    body = ends | proposed | {"record": record, "state": joint.PROPOSED}
    made = joint.create(work, name, body, owner=taken.partner)
    links.link(work.conn, made.id, "proposes", record)
    _ask(work, made, joint.TASK)


def take_answer(work: Work, taken: Taken, _leaf: str, _purpose: str) -> None:
    """Enter whether the node that was asked concurs."""
    proposal = _known(work, taken)
    told = {name: value for name, value in taken.event.items() if name != "proposalId"}
    if proposal is None or proposal.owner is not None or proposal.status != joint.PROPOSED:
        return
    if told["state"] in {joint.CONCURRED, joint.DISAGREED}:
        _ask(work, joint.enter(work, proposal, told, actor=taken.partner), _LOOK)


def take_change(work: Work, taken: Taken, _leaf: str, _purpose: str) -> None:
    """Enter that the other side revoked its identification, or told the family."""
    proposal = _known(work, taken)
    member = _ENTERED[taken.event["change"]]
    if proposal is None or member in proposal.body:
        return
    members: Json = {member: taken.event["at"]}
    if member == "revokedAt" and proposal.owner is not None and proposal.status == joint.PROPOSED:
        members["state"] = joint.WITHDRAWN
        tasks.close_of(work.conn, proposal.id, joint.TASK)
    _ask(work, joint.enter(work, proposal, members, actor=taken.partner), _LOOK)


def _released(work: Work, partner: str, release: str) -> str | None:
    """Return the record of which a partner received a release, while it is here."""
    found = disclosed.under_reference(work.conn, partner, release)
    names = {entry.record for entry in found if entry.kind == "release"}
    here = (entry for entry in work.documents.many(sorted(names)) if entry.erased_at is None)
    return next((entry.id for entry in here if entry.kind in {"person", "remains"}), None)


def _known(work: Work, taken: Taken) -> Document | None:
    """Return the proposal of an event when it is one with this partner."""
    proposal = work.documents.get(taken.event["proposalId"], joint.KIND)
    return proposal if proposal and taken.partner == (proposal.owner or proposal.body["to"]) else None


def _ask(work: Work, proposal: Document, kind: str) -> None:
    partner, purpose = proposal.owner or proposal.body["to"], proposal.body["purpose"]
    tasks.add(work, kind=kind, subject=proposal.id, partner=partner, purpose=purpose)
