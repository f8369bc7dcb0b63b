"""Rules of custody transfers, of both sides. The document of each side is under the same identifier.

The old custodian offers, and hands out in `handing_out`; the new one takes over or declines. What either then
hears of the other is in `settling`.
"""

from typing import Any

from mpex_server import office
from mpex_server.custody import collected, packages, tombstones
from mpex_server.custody.collected import OFFERED, REFUSED
from mpex_server.disclosures.decision import DIRECTIVE, directive_documents, found_living, usable
from mpex_server.disclosures.work import Work
from mpex_server.domain.consent import Decision
from mpex_server.domain.directives import Directive
from mpex_server.errors import Problem
from mpex_server.events.taken import Taken
from mpex_server.http.context import Context
from mpex_server.identifications.repository import is_embargoed
from mpex_server.peers import addressee
from mpex_server.recalls import outbox
from mpex_server.recalls import service as recalls
from mpex_server.records.resource import Body, Resource, broken_rule
from mpex_server.storage import links
from mpex_server.storage.documents import Document
from mpex_server.tasks import repository as tasks

PROPOSED, DECLINED, CANCELLED = "proposed", "declined", "cancelled"
TAKEN, COMPLETED = "taken", "completed"
_APPROVAL = "custodyApproval"
_INTERNAL = frozenset(
    {"handedOut", "carried", "digest", "lost", "acceptance", "held", "statements", "proposedBy"}
)
Json = dict[str, Any]


def _prepare(ctx: Context, body: Body, _current: Document | None) -> Body:
    return checked(ctx, body, by=ctx.principal.person)


def checked(work: Work, body: Body, *, by: str) -> Body:
    """Return an offer as it is stored, proposed where two persons decide (CUST-018).

    Raises Problem for a record that may not be offered.
    """
    addressee.require(work, body)
    if is_moving(work, body["record"]):
        raise Problem("conflict", "The record is offered already.")
    record, decided = _offerable(work, body)
    moving = moved(record, decided)
    return body | {
        "from": work.settings.node_id,
        "state": PROPOSED if needs_two(work, moving) else OFFERED,
        "categories": sorted(moving),
        "withheld": sorted(packages.withheld(record, decided)),
        "proposedBy": by,
    }


def _offerable(work: Work, body: Body) -> tuple[Document, Decision]:
    """Return a record that may be offered now, and what of it may move; raises Problem."""
    record = work.documents.get(body["record"])
    if record is None or not usable(record):
        raise broken_rule((("record",), "names nothing that this node holds and may use"))
    if is_embargoed(work.conn, record.id):
        raise Problem("conflict", "A death of which the family was not told keeps the record here.")
    decided = packages.decision(work, record, body["to"], body["purpose"])
    if not moved(record, decided) or (found_living(record) and not _by_the_person(work, decided.directives)):
        raise broken_rule((("record",), "has no directive that lets this partner have anything of it"))
    return record, decided


def moved(record: Document, decided: Decision) -> frozenset[str]:
    """Return the categories of which a decision lets something of a record move."""
    return decided.categories & packages.categories_of(record)


def needs_two(work: Work, categories: frozenset[str]) -> bool:
    """Tell whether two persons decide on one of the categories at least (CUST-018)."""
    return bool(categories & office.of(work.settings).four_eyes)


def announce(work: Work, transfer: Document) -> None:
    """Tell the node to which a record is offered, once nobody else has to approve."""
    body = transfer.body
    links.link(work.conn, transfer.id, tombstones.MOVES, body["record"])
    if transfer.status == PROPOSED:
        tasks.add(work, kind=_APPROVAL, subject=transfer.id, partner=body["to"], purpose=body["purpose"])
    else:
        _send_offer(work, transfer)


def decide(work: Work, transfer: Document, decision: str, *, by: str, actor: str) -> Document:
    """Approve an offer as the second person, refuse it as anybody (CUST-018), or cancel one that went out.

    Raises Problem `conflict`, and what `checked` raises.
    """
    if decision == "cancel":
        return _cancel(work, transfer, actor=actor)
    if transfer.status != PROPOSED:
        raise Problem("conflict", "Nothing about this transfer waits for a second person.")
    if decision == "approve":
        if by == transfer.body["proposedBy"]:
            raise Problem("conflict", "You have proposed this; a second person must approve it.")
        if not moved(*_offerable(work, transfer.body)) <= set(transfer.body["categories"]):
            raise Problem(
                "conflict", "More of the record would move than was proposed; refuse and offer it anew."
            )
        _send_offer(work, transfer)
    tasks.close_of(work.conn, transfer.id, _APPROVAL)
    return change(work, transfer, OFFERED if decision == "approve" else REFUSED, actor=actor)


def _cancel(work: Work, transfer: Document, *, actor: str) -> Document:
    """Take an offer of this node back as long as nobody took the record over (CUST-025)."""
    if transfer.owner is not None or transfer.status != OFFERED:
        raise Problem("conflict", "Only an offer of this node that was not answered can be cancelled.")
    send(work, transfer, transfer.body["to"], "custodyState", {"state": CANCELLED})
    return end(work, transfer, CANCELLED, actor=actor)


def end(work: Work, transfer: Document, state: str, *, actor: str) -> Document:
    """End an offer of this node; what was collected of it is called back, for the record stays (CUST-032)."""
    ended = change(work, transfer, state, actor=actor)
    recalls.call_back(work, transfer.body["record"], collected.of(work, transfer), cause="notTakenOver")
    return ended


def _send_offer(work: Work, transfer: Document) -> None:
    body = transfer.body
    offer = {"record": body["record"], "legalBasis": body["legalBasis"]}
    send(work, transfer, body["to"], "custodyOffer", offer)


TRANSFERS = Resource(
    kind="transfer",
    id_member="transferId",
    schema="custody-transfer",
    type_of=lambda _body: "custodyTransfer",
    status_of=lambda body: str(body["state"]),
    prepare=_prepare,
    stored=announce,
    internal=_INTERNAL,
)


def present(document: Document) -> Json:
    """Return a transfer as it is shown (custody-transfer.json)."""
    shown = {name: value for name, value in document.body.items() if name not in _INTERNAL}
    row = {"version": document.version, "createdAt": document.created_at, "updatedAt": document.updated_at}
    return shown | row


def take_offer(work: Work, taken: Taken, _leaf: str, purpose: str) -> None:
    """Keep an offer and open a task, whatever this node has: a quick refusal would tell what it has."""
    offer = taken.event
    if work.documents.get(offer["transferId"]) is not None:
        return
    body = offer | {"from": taken.partner, "to": work.settings.node_id, "purpose": purpose, "state": OFFERED}
    transfer = work.documents.create(
        offer["transferId"],
        body,
        kind=TRANSFERS.kind,
        type="custodyTransfer",
        status=OFFERED,
        owner=taken.partner,
    )
    tasks.add(work, kind="custodyOffer", subject=transfer.id, partner=taken.partner, purpose=purpose)


def decline(work: Work, transfer: Document, *, actor: str) -> Document:
    """Do not take over what a partner offers."""
    tasks.close_of(work.conn, transfer.id, "custodyOffer")
    send(work, transfer, str(transfer.owner), "custodyState", {"state": DECLINED})
    return change(work, transfer, DECLINED, actor=actor)


def change(work: Work, transfer: Document, state: str, *, actor: str, **members: Any) -> Document:
    """Store a new state of a transfer."""
    body = transfer.body | members | {"state": state}
    return work.documents.replace(transfer, body, reason=state, actor=actor, status=state)


def send(work: Work, transfer: Document, partner: str, event_type: str, event: Json) -> None:
    """Tell the other side."""
    outbox.tell(work, transfer, partner, event_type, {"transferId": transfer.id} | event)


def versions(work: Work, record: Document) -> dict[str, int]:
    """Return the versions of a record and of what it rests on, by identifier; consent is held fast."""
    named = directive_documents(work.documents, record.body, to_change=True)
    return {entry.id: entry.version for entry in (record, *named)}


def is_moving(work: Work, record: str) -> bool:
    """Tell whether an offer of a record waits for its approval or its answer."""
    transfers = tombstones.transfers_of(work, record)
    return any(transfer.status in {PROPOSED, OFFERED} for transfer in transfers)


def _by_the_person(work: Work, directives: tuple[str, ...]) -> bool:
    found = work.documents.many(list(directives))
    return any(
        Directive.from_document({**entry.body, "directiveId": entry.id}).binds_whole_record
        for entry in found
        if entry.kind == DIRECTIVE
    )
