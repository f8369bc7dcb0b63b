"""What a partner calls back: the effect follows the notice, and a signed receipt says what was done."""

from datetime import timedelta
from typing import Any

from mpex_server.custody import settling
from mpex_server.disclosures import repository as disclosed
from mpex_server.disclosures.repository import Disclosure
from mpex_server.disclosures.work import Work
from mpex_server.domain import parts
from mpex_server.domain import recall as rules
from mpex_server.domain.parts import Part
from mpex_server.events import repository as inbox
from mpex_server.events.taken import Taken
from mpex_server.kit.clock import instant
from mpex_server.onward import offers
from mpex_server.recalls import disputes, outbox
from mpex_server.recalls import service as recalls
from mpex_server.received_releases import custodians, reduced, service
from mpex_server.storage.documents import Document
from mpex_server.tasks import kept_queries

_BACKUPS = timedelta(days=7)
Json = dict[str, Any]


def take(work: Work, taken: Taken, leaf: str, purpose: str) -> None:
    """Let a recall take effect on what is held under its reference, and answer with a receipt (RECL-003).

    The receipt speaks as if something were held when nothing is: the partner learns no difference. What comes
    under the reference after its recall is not kept any more.
    """
    custodians.require(service.held_under(work, taken.subject), taken.partner)
    for query in kept_queries.of_search(work, partner=taken.partner, search=taken.subject):
        kept_queries.drop(work, query)
    settling.take_recall(work, taken)
    done = _done(taken, retained=False)
    for document in service.under(work, taken.subject, taken.partner):
        done = _obey(work, document, taken)
    for document in service.ever_under(work, taken.subject, taken.partner):
        _pass_on(work, document, taken)
    send_receipt(work, taken.partner, taken.subject, taken.event["recallId"], done, leaf, purpose)


def take_dispute_end(work: Work, taken: Taken, _leaf: str, _purpose: str) -> None:
    """Take off the mark of whoever set it; with the last one, tell whoever was passed the data (CASE-025)."""
    for document in service.under(work, taken.subject, taken.partner):
        if service.unmark(work, document, actor=taken.partner):
            disputes.tell_ended(work, document.id)
            disclosed.unmark(work.conn, document.id)


def tell_erased(work: Work, document: Document, leaf: str) -> None:
    """Send a second receipt to whoever was told that the data were kept."""
    body = document.body
    if recall := body.get("recall"):
        done = {"outcome": "erased"}
        send_receipt(work, recall["node"], body["release"], recall["recallId"], done, leaf, body["purpose"])


def send_receipt(
    work: Work, partner: str, reference: str, recall: str, done: Json, leaf: str, purpose: str
) -> None:
    """Tell a partner what was done upon its recall; `leaf` is the audit entry of doing it."""
    now = work.now()
    receipt = {"recallId": recall, **done, "leafHash": inbox.leaf_hash_of(work.conn, leaf)}
    if done["outcome"] == "erased":
        receipt |= {"erasedAt": instant(now), "backupsExpireAt": instant(now + _BACKUPS)}
    outbox.enqueue(
        work,
        partner=partner,
        event_type="receipt",
        subject=reference,
        purpose=purpose,
        event=receipt,
    )


def _pass_on(work: Work, document: Document, taken: Taken) -> None:
    """Call back what went on from here, too; the origin does so itself for the recipients it knows of."""
    event = taken.event
    passed = disclosed.of_records(work.conn, [document.id])
    recalls.call_back(
        work,
        document.body["record"],
        passed,
        cause=rules.cause_of(event["cause"]),
        version=event.get("version"),
        origin={"node": taken.partner, "recallId": event["recallId"]},
        reach={entry.id: _named(taken, entry) for entry in passed},
    )


def _named(taken: Taken, entry: Disclosure) -> frozenset[Part] | None:
    """Return the parts of what was passed on that a recall names; None when it is about the whole."""
    if "parts" not in taken.event:
        return None
    named = parts.names(taken.event["parts"])
    return frozenset(part for part in entry.out if part.name in named)


def _done(taken: Taken, *, retained: bool) -> Json:
    """Return what a receipt says that was done, and to which parts where the recall names some.

    What a law compels this node to keep is restricted as a whole.
    """
    outcome = rules.outcome(taken.event["cause"], retained=retained)
    some = "parts" in taken.event and outcome == rules.ERASED
    return {"outcome": outcome} | ({"parts": taken.event["parts"]} if some else {})


def _obey(work: Work, document: Document, taken: Taken) -> Json:
    """Change the state of a received release and return what the receipt says of it."""
    retention = document.body.get("retention")
    done = _done(taken, retained=retention is not None)
    by_whom = {"node": taken.partner, "recallId": taken.event["recallId"]}
    match done["outcome"]:
        case "erased":
            _erase(work, document, done, actor=taken.partner)
        case "marked":
            service.mark(work, document, actor=taken.partner)
        case _:
            newer = {"supersededBy": taken.event["version"]} if "version" in taken.event else {}
            service.restrict(work, document, actor=taken.partner, recall=by_whom, **newer)
    if done["outcome"] == "retainedByLaw" and retention is not None:
        done |= {name: retention[name] for name in ("reason", "reviewDate")}
    return done


def _erase(work: Work, document: Document, done: Json, *, actor: str) -> None:
    """Erase the parts that are named, and the whole where none are or nothing else is left (RECL-024)."""
    if "parts" not in done or not reduced.erase(work, document, parts.names(done["parts"]), actor=actor):
        end(work, document, actor=actor)


def end(work: Work, document: Document, *, actor: str) -> None:
    """Erase a received release, and withdraw the offers to pass it on."""
    offers.end(work, document, actor=actor)
    service.shred(work, document, service.ERASED, actor=actor)
