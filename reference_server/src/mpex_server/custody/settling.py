"""What the other side of a transfer says, and what follows from it here.

The old custodian confirms or refuses what was taken over. Between taking over and confirmation the new one
keeps the record out of use, so that it has one custodian at every moment.
"""

from mpex_server.custody import arrivals, collected, inheritance, provenance, recipients, tombstones
from mpex_server.custody.collected import OFFERED, REFUSED
from mpex_server.custody.recipients import names
from mpex_server.custody.service import (
    CANCELLED,
    COMPLETED,
    DECLINED,
    TAKEN,
    TRANSFERS,
    change,
    end,
    send,
    versions,
)
from mpex_server.custody.withdrawals import CARRIES
from mpex_server.disclosures import repository as disclosed
from mpex_server.disclosures.decision import usable
from mpex_server.disclosures.work import Work
from mpex_server.domain.recall import cause_of, ends_use
from mpex_server.events.taken import Taken
from mpex_server.events.tokens import early
from mpex_server.recalls import service as recalls
from mpex_server.received_releases import recalled
from mpex_server.received_releases import service as received_releases
from mpex_server.release_requests import service as release_requests
from mpex_server.storage import links
from mpex_server.storage.documents import Document
from mpex_server.tasks import repository as tasks


def take_state(work: Work, taken: Taken, leaf: str, _purpose: str) -> None:
    """Let what the other side says of a transfer take effect; what is out of turn is dropped."""
    transfer = work.documents.get(taken.event["transferId"], TRANSFERS.kind)
    if transfer is None or taken.partner not in (transfer.owner, transfer.body["to"]):
        _hear_stranger(taken)
        return
    if transfer.owner is None:
        _hear_taker(work, transfer, taken)
    else:
        _hear_giver(work, transfer, taken, leaf)


def _hear_stranger(taken: Taken) -> None:
    """Let a cancellation that has overtaken its offer come again; dropped, it ends nothing (CUST-030)."""
    if taken.event["state"] == CANCELLED:
        raise early("The offer that the event cancels is not known here.")


def take_recall(work: Work, taken: Taken) -> None:
    """End an offer whose maker calls back what was collected of it (CUST-034)."""
    transfer = work.documents.get(taken.subject, TRANSFERS.kind)
    if transfer is not None and transfer.owner == taken.partner and ends_use(cause_of(taken.event["cause"])):
        _end(work, transfer, taken)


def _hear_taker(work: Work, transfer: Document, taken: Taken) -> None:
    said = taken.event["state"]
    if (transfer.status, said) == (OFFERED, DECLINED):
        end(work, transfer, DECLINED, actor=taken.partner)
    elif (transfer.status, said) == (OFFERED, TAKEN):
        _settle(work, transfer, taken)
    elif transfer.status in {CANCELLED, REFUSED} and said == TAKEN:
        send(work, transfer, taken.partner, "custodyState", {"state": REFUSED})


def _hear_giver(work: Work, transfer: Document, taken: Taken, leaf: str) -> None:
    said = taken.event["state"]
    if said == CANCELLED:
        _end(work, transfer, taken)
    elif transfer.status == TAKEN and said in {COMPLETED, REFUSED}:
        arrivals.settle(work, transfer, take=said == COMPLETED)
        kept = provenance.kept(transfer.body.get("statements", []), taken.event)
        transfer = change(work, transfer, said, actor=taken.partner, **kept)
    if transfer.status == said == COMPLETED:
        given = taken.event.get("recipients", ())
        inheritance.take_recipients(work, transfer.body["record"], given, leaf, actor=taken.partner)


def _end(work: Work, transfer: Document, taken: Taken) -> None:
    """End an offer that its giver cancels or recalls; what was taken meanwhile is as if it were refused."""
    if transfer.status == OFFERED:
        tasks.close_of(work.conn, transfer.id, "custodyOffer")
        change(work, transfer, CANCELLED, actor=taken.partner)
    elif transfer.status == TAKEN:
        arrivals.settle(work, transfer, take=False)
        change(work, transfer, REFUSED, actor=taken.partner)


def _settle(work: Work, transfer: Document, taken: Taken) -> None:
    """Give the record up, or keep it when it or a consent has changed since it was handed out.

    Both are held fast: a withdrawal at the same time comes before, or finds the transfer and passes on.
    """
    body = transfer.body
    record = next(iter(work.documents.many([body["record"]], to_change=True)), None)
    same = record is not None and usable(record) and body.get("handedOut") == versions(work, record)
    agreed = _accepts_loss(transfer, taken) and body.get("digest") == taken.event["digest"]
    agreed = agreed and names(taken.event, body["record"])
    if record is None or not same or not agreed:
        send(work, transfer, taken.partner, "custodyState", {"state": REFUSED})
        end(work, transfer, REFUSED, actor=taken.partner)
        return
    collected.take_over(work, transfer)
    recipients.tell(work, record.id, taken)
    told = {"state": COMPLETED}
    told["statement"] = provenance.made(work, record, transfer=transfer.id, partner=taken.partner)
    for part in inheritance.recipients(work, record.id, but_not=taken.partner):
        send(work, transfer, taken.partner, "custodyState", told | {"recipients": part})
    for directive in body["carried"]:
        links.link(work.conn, transfer.id, CARRIES, directive)
    tombstones.name_custodian(work, record.id, taken.partner)
    _give_up(work, record)
    change(work, transfer, COMPLETED, actor=taken.partner, acceptance=taken.token)


def _accepts_loss(transfer: Document, taken: Taken) -> bool:
    """Tell whether the new custodian knows that something ends with the old one, if so (CUST-019)."""
    return not transfer.body.get("lost") or bool(taken.event.get("withheldAccepted"))


def _give_up(work: Work, record: Document) -> None:
    """Erase a record that is another node's now; queries for it end, as nobody here waits for an answer.

    So do releases of it that came from those before: the next custodian does not know of them, and could
    not call them back.
    """
    out = disclosed.of_records(work.conn, [record.id])
    queries = [entry for entry in out if entry.kind == "query"]
    recalls.call_back(work, record.id, queries, cause="resolution")
    release_requests.end_on(work, record.id, reason="custodianChanged", actor=work.settings.node_id)
    for received in received_releases.of_record(work, record.id):
        if received_releases.is_held(work, received) and "retention" not in received.body:
            recalled.end(work, received, actor=work.settings.node_id)
    tasks.close_all(work.conn, record.id)
    work.documents.erase(record.id)
