"""Joint identifications: each side proposes or answers, and decides for itself alone (CASE-016 to CASE-022).

The document of each side is under the same identifier. Only who may read identifications sees it.
"""

from typing import Any

from mpex_server.disclosures.work import Work
from mpex_server.errors import Problem, not_found
from mpex_server.identifications import repository
from mpex_server.kit.clock import instant
from mpex_server.kit.ids import new_id
from mpex_server.peers import registry
from mpex_server.recalls import outbox
from mpex_server.records.resource import broken_rule
from mpex_server.storage import links
from mpex_server.storage.documents import Document
from mpex_server.tasks import repository as tasks

KIND, TASK = "jointProposal", "identificationProposed"
PROPOSED, CONCURRED, DISAGREED, WITHDRAWN = "proposed", "concurred", "disagreed", "withdrawn"
_DECIDED = ("conclusion", "methods", "competentAuthority", "decidedAt")
Json = dict[str, Any]


def propose(work: Work, identification: Document, received: str, *, actor: str) -> Document:
    """Ask the node that made a release to concur with what was concluded from it; raises Problem."""
    release = _relied_on(work, identification, received)
    given, partner = release.body, release.body["origin"]["custodian"]
    if registry.find(work.conn, partner, work.now()) is None:
        raise broken_rule((("receivedRelease",), "is of a node that is no active partner"))
    if identification.body["state"] == repository.REVOKED:
        raise Problem("conflict", "The identification was revoked.")
    if any(entry.body["release"] == given["release"] for entry in proposals_of(work, identification)):
        raise Problem("conflict", "The identification was proposed on the ground of this release before.")
    decided = {name: identification.body[name] for name in _DECIDED}
    decided |= {"identificationState": identification.body["state"], "release": given["release"]}
    own = {"identification": identification.id, "record": given["record"], "state": PROPOSED}
    ends = {"from": work.settings.node_id, "to": partner, "purpose": given["purpose"]}
    made = create(work, new_id(KIND), ends | decided | own, owner=None)
    _bind(work, made, identification.id, actor=actor)
    _send(work, made, "identificationProposed", decided | _notified(identification))
    return made


def answer(work: Work, proposal: Document, given: Json, *, actor: str) -> Document:
    """Concur by an own identification or disagree, and tell the node that proposed; raises Problem."""
    if proposal.owner is None:
        raise Problem("conflict", "Another node was asked; it answers.")
    if proposal.status != PROPOSED:
        raise Problem("conflict", "The proposal was answered before, or withdrawn.")
    told: Json = {"state": CONCURRED if given["answer"] == "concur" else DISAGREED}
    if told["state"] == DISAGREED:
        told["reason"] = given["reason"]
        changed = enter(work, proposal, told, actor=actor)
    else:
        own = _own(work, proposal, given["identification"])
        changed = enter(work, proposal, told | {"identification": own.id}, actor=actor)
        _bind(work, changed, own.id, actor=actor)
        told |= _notified(own)
    tasks.close_of(work.conn, proposal.id, TASK)
    _send(work, changed, "identificationAnswered", told)
    return changed


def tell(work: Work, identification: Document, before: Json, *, actor: str) -> None:
    """Tell the other sides that this node revoked its own identification, or told the family (CASE-019)."""
    body, now = identification.body, instant(work.now())
    happened = {
        "revoked": body["state"] == repository.REVOKED != before.get("state", repository.REVOKED),
        "notified": "notification" in body and "notification" not in before,
    }
    for change in (name for name, so in happened.items() if so):
        for proposal in proposals_of(work, identification):
            _send(work, proposal, "identificationChanged", {"change": change, "at": now})
            if change == "revoked" and proposal.status == PROPOSED:
                enter(work, proposal, {"state": WITHDRAWN}, actor=actor)


def shown(before: Json, state: str) -> Json:
    """Return what the next version of an identification says of its proposals; revoked, none is open."""
    entries = before.get("joint", [])
    if state == repository.REVOKED:
        gone = {"state": WITHDRAWN}
        entries = [entry | gone if entry["state"] == PROPOSED else entry for entry in entries]
    return {"joint": entries} if entries else {}


def create(work: Work, proposal_id: str, body: Json, *, owner: str | None) -> Document:
    """Store a proposal of either side."""
    return work.documents.create(
        proposal_id,
        {"proposalId": proposal_id} | body,
        kind=KIND,
        type=body["conclusion"],
        status=body["state"],
        owner=owner,
    )


def enter(work: Work, proposal: Document, members: Json, *, actor: str) -> Document:
    """Note what became of a proposal; it shows at the own identification, whose decision stays (CASE-020)."""
    body = proposal.body | members
    changed = work.documents.replace(proposal, body, reason="joint", actor=actor, status=body["state"])
    if "identification" in body:
        _show(work, changed, actor=actor)
    return changed


def proposals_of(work: Work, identification: Document) -> list[Document]:
    """Return what was proposed of an identification, and what it concurs with."""
    return work.documents.many(links.linked_to(work.conn, identification.id, "joint"))


def find(work: Work, proposal_id: str) -> Document:
    """Return a proposal; raises Problem `notFound`."""
    document = work.documents.get(proposal_id, KIND)
    if document is None:
        raise not_found()
    return document


def present(proposal: Document) -> Json:
    """Return a proposal as it is shown (joint-proposal.json)."""
    row = {"version": proposal.version, "createdAt": proposal.created_at, "updatedAt": proposal.updated_at}
    return proposal.body | row


def _relied_on(work: Work, identification: Document, received: str) -> Document:
    if identification.body["conclusion"] != repository.DEATH:
        raise Problem("ruleViolation", "Of the living, each decides what others learn; propose nothing.")
    document = work.documents.get(received, "receivedRelease")
    if document is None or received not in identification.body.get("receivedReleases", ()):
        raise broken_rule((("receivedRelease",), "is no release that the identification relies on"))
    return document


def _own(work: Work, proposal: Document, identification_id: str) -> Document:
    """Return the own identification that says the same of the same record (CASE-021)."""
    own = work.documents.get(identification_id, "identification")
    if own is None or not _says_the_same(own.body, proposal.body):
        text = "is no identification of the same record with the same conclusion that stands"
        raise broken_rule((("identification",), text))
    return own


def _says_the_same(own: Json, proposed: Json) -> bool:
    named = {*own.get("persons", ()), *own.get("remains", ())}
    same = own["conclusion"] == proposed["conclusion"] and own["state"] != repository.REVOKED
    return same and proposed["record"] in named


def _bind(work: Work, proposal: Document, identification: str, *, actor: str) -> None:
    links.link(work.conn, proposal.id, "joint", identification)
    _show(work, proposal, actor=actor)


def _show(work: Work, proposal: Document, *, actor: str) -> None:
    """Say at the own identification how far a proposal is."""
    own = work.documents.get(proposal.body["identification"], "identification")
    if own is None:
        return
    partner = proposal.owner or proposal.body["to"]
    entry = {"proposalId": proposal.id, "partner": partner, "state": proposal.status}
    known = {each["proposalId"]: each for each in own.body.get("joint", ())}
    body = own.body | {"joint": list((known | {proposal.id: entry}).values())}
    if body != own.body:
        work.documents.replace(own, body, reason="joint", actor=actor)


def _notified(identification: Document) -> Json:
    told = identification.body.get("notification")
    return {"notifiedAt": told["at"]} if told else {}


def _send(work: Work, proposal: Document, event_type: str, event: Json) -> None:
    partner = proposal.owner or proposal.body["to"]
    outbox.tell(work, proposal, partner, event_type, {"proposalId": proposal.id} | event)
