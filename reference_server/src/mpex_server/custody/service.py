"""Rules of custody transfers, of both sides. The document of each side is under the same identifier.

The old custodian offers, hands out, and confirms or refuses; the new one takes over or declines. Between
taking over and confirmation the new custodian keeps the record out of use, so that it has one custodian.
"""

from typing import Any

from mpex_server.custody import arrivals, inheritance, packages, recipients, tombstones
from mpex_server.custody.withdrawals import CARRIES
from mpex_server.disclosures import repository as disclosed
from mpex_server.disclosures.decision import DIRECTIVE, found_living, named_directives, usable
from mpex_server.disclosures.work import Work
from mpex_server.domain.directives import Directive
from mpex_server.domain.purposes import PROTECT_LIFE
from mpex_server.errors import Problem, not_found
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

OFFERED, DECLINED, TAKEN, COMPLETED, REFUSED = "offered", "declined", "taken", "completed", "refused"
_INTERNAL = frozenset({"handedOut", "carried", "digest", "acceptance", "held"})
Json = dict[str, Any]


def _prepare(ctx: Context, body: Body, _current: Document | None) -> Body:
    return checked(ctx, body)


def checked(work: Work, body: Body) -> Body:
    """Return an offer as it is stored; raises Problem for a record that may not be offered."""
    addressee.require(work, body)
    record = work.documents.get(body["record"])
    if record is None or not usable(record):
        raise broken_rule((("record",), "names nothing that this node holds and may use"))
    if is_embargoed(work.conn, record.id):
        raise Problem("conflict", "A death of which the family was not told keeps the record here.")
    if is_moving(work, record.id):
        raise Problem("conflict", "The record is offered already.")
    if body["purpose"] == PROTECT_LIFE:
        raise broken_rule((("purpose",), "is for emergencies, which need two persons and end; custody stays"))
    decided = packages.decision(work, record, body["to"], body["purpose"])
    moved = decided.categories & packages.categories_of(record)
    if not moved or (found_living(record) and not _by_the_person(work, decided.directives)):
        raise broken_rule((("record",), "has no directive that lets this partner have anything of it"))
    return body | {
        "from": work.settings.node_id,
        "state": OFFERED,
        "categories": sorted(moved),
        "withheld": sorted(packages.categories_of(record) - moved),
    }


def announce(work: Work, transfer: Document) -> None:
    """Tell the node to which a record is offered."""
    body = transfer.body
    links.link(work.conn, transfer.id, tombstones.MOVES, body["record"])
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
)


def present(document: Document) -> Json:
    """Return a transfer as it is shown (custody-transfer.json)."""
    shown = {name: value for name, value in document.body.items() if name not in _INTERNAL}
    row = {"version": document.version, "createdAt": document.created_at, "updatedAt": document.updated_at}
    return shown | row


def hand_out(work: Work, transfer_id: str, partner: str, *, purpose: str) -> Json:
    """Return the record to the node to which it was offered (CUST-001), for the purpose of the offer.

    Raises Problem: `notFound`, or `purposeNotAllowed` for a token of another purpose.
    """
    transfer = work.documents.get(transfer_id, TRANSFERS.kind)
    if transfer is None or not _offered_to(transfer, partner):
        raise not_found()
    if purpose != transfer.body["purpose"]:
        raise Problem("purposeNotAllowed", "The token is for another purpose than the offer.")
    record = work.documents.get(transfer.body["record"])
    if transfer.status != OFFERED or record is None or not usable(record):
        raise not_found()
    terms = packages.Terms(transfer.id, partner, transfer.body["purpose"])
    made = packages.package(work, record, terms)
    if made is None or is_embargoed(work.conn, record.id):
        raise not_found()
    package, digest = made
    carried = sorted(entry["directiveId"] for entry in package["directives"])
    handed_out = _versions(work, record)
    change(work, transfer, OFFERED, actor=partner, digest=digest, handedOut=handed_out, carried=carried)
    return package


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


def take_state(work: Work, taken: Taken, leaf: str, _purpose: str) -> None:
    """Let what the other side says of a transfer take effect; what is out of turn is dropped."""
    transfer = work.documents.get(taken.event["transferId"], TRANSFERS.kind)
    if transfer is None or taken.partner not in (transfer.owner, transfer.body["to"]):
        return
    said = taken.event["state"]
    if transfer.owner is None and transfer.status == OFFERED and said in {DECLINED, TAKEN}:
        _settle(work, transfer, taken) if said == TAKEN else change(work, transfer, said, actor=taken.partner)
    elif transfer.owner is not None and transfer.status == TAKEN and said in {COMPLETED, REFUSED}:
        arrivals.settle(work, transfer, take=said == COMPLETED)
        transfer = change(work, transfer, said, actor=taken.partner)
    if transfer.owner is not None and transfer.status == said == COMPLETED:
        given = taken.event.get("recipients", ())
        inheritance.take_recipients(work, transfer.body["record"], given, leaf, actor=taken.partner)


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
    outbox.enqueue(
        work,
        partner=partner,
        event_type=event_type,
        subject=transfer.id,
        purpose=transfer.body["purpose"],
        event={"transferId": transfer.id} | event,
    )


def _settle(work: Work, transfer: Document, taken: Taken) -> None:
    """Give the record up, or keep it when it or a consent has changed since it was handed out."""
    body, record = transfer.body, work.documents.get(transfer.body["record"])
    same = record is not None and usable(record) and body.get("handedOut") == _versions(work, record)
    if record is None or not same or body.get("digest") != taken.event.get("digest"):
        send(work, transfer, taken.partner, "custodyState", {"state": REFUSED})
        change(work, transfer, REFUSED, actor=taken.partner)
        return
    recipients.tell(work, record.id, taken)
    for part in inheritance.recipients(work, record.id, but_not=taken.partner):
        send(work, transfer, taken.partner, "custodyState", {"state": COMPLETED, "recipients": part})
    for directive in body["carried"]:
        links.link(work.conn, transfer.id, CARRIES, directive)
    tombstones.name_custodian(work, record.id, taken.partner)
    _give_up(work, record)
    change(work, transfer, COMPLETED, actor=taken.partner, acceptance=taken.token)


def _offered_to(transfer: Document, partner: str) -> bool:
    return transfer.owner is None and bool(transfer.body["to"] == partner)


def _give_up(work: Work, record: Document) -> None:
    """Erase a record that is another node's now; queries for it end, as nobody here waits for an answer."""
    out = disclosed.of_records(work.conn, [record.id])
    queries = [entry for entry in out if entry.kind == "query"]
    recalls.call_back(work, record.id, queries, cause="resolution")
    work.documents.erase(record.id)


def _versions(work: Work, record: Document) -> dict[str, int]:
    named = work.documents.many(sorted(named_directives(record.body)))
    return {entry.id: entry.version for entry in (record, *named)}


def is_moving(work: Work, record: str) -> bool:
    """Tell whether an offer of a record waits for its answer."""
    transfers = tombstones.transfers_of(work, record)
    return any(transfer.owner is None and transfer.status == OFFERED for transfer in transfers)


def _by_the_person(work: Work, directives: tuple[str, ...]) -> bool:
    found = work.documents.many(list(directives))
    return any(
        Directive.from_document({**entry.body, "directiveId": entry.id}).binds_whole_record
        for entry in found
        if entry.kind == DIRECTIVE
    )
