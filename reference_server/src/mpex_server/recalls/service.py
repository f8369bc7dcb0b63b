"""Recalls as this node makes them: one event for each recipient and reference, and the receipts for them."""

from collections.abc import Iterable, Mapping
from typing import Any

from mpex_server.custody import collected
from mpex_server.disclosures import repository as disclosed
from mpex_server.disclosures.repository import Disclosure
from mpex_server.disclosures.work import Work
from mpex_server.domain import recall as rules
from mpex_server.domain.parts import Part
from mpex_server.errors import not_found
from mpex_server.events.taken import Taken
from mpex_server.kit.clock import instant
from mpex_server.kit.ids import new_id
from mpex_server.recalls import outbox, recalls
from mpex_server.recalls.recalls import Target
from mpex_server.storage import links
from mpex_server.storage.documents import Document
from mpex_server.tasks import repository as tasks

Json = dict[str, Any]
Reach = Mapping[str, frozenset[Part] | None]
"""Disclosure -> its parts that must go, or None for the whole; one that is not named goes as a whole."""


def call_back(
    work: Work,
    record: str,
    disclosures: Iterable[Disclosure],
    *,
    cause: str,
    directive: str | None = None,
    purposes: Iterable[str] = (),
    version: int | None = None,
    origin: Json | None = None,
    reach: Reach | None = None,
) -> Document | None:
    """Store a recall of what is still out, and put an event for each recipient into the outbox (RECL-001).

    `version` is the one that takes the place of what was disclosed; `origin` is the recall of another node
    that this one passes on; `reach` says which parts of each disclosure must go. None when nothing is out.
    """
    targets = _targets(cause, disclosures, reach or {})
    if not targets:
        return None
    recall_id, now, scope = new_id(recalls.KIND), work.now(), sorted(purposes)
    due = instant(now + recalls.ACKNOWLEDGEMENT)
    notice: Json = {"recallId": recall_id, "cause": rules.NOTICES[cause], "purposes": scope, "dueAt": due}
    if version is not None:
        notice["version"] = version
    body = recalls.body(
        recall_id,
        cause=cause,
        directive=directive,
        record=record,
        purposes=scope,
        targets=[(target, _send(work, target, notice)) for target in targets],
        due=due,
        now=now,
    )
    body |= {} if origin is None else {"origin": origin}
    document = work.documents.create(recall_id, body, kind=recalls.KIND, type=cause, status=recalls.OPEN)
    links.link(work.conn, recall_id, recalls.RECORD, record)
    if rules.ends_use(cause):
        for target in targets:
            _end_use(work, target)
    tasks.add(work, kind="overdueRecall", subject=recall_id, due_at=due)
    return document


def take_receipt(work: Work, taken: Taken, _leaf: str, _purpose: str) -> None:
    """Enter a partner's receipt; one that no recall of ours waits for, or that says too little, does nothing.

    Who was told to erase and says that it has marked has not done it: the recall stays open, for a person.
    """
    document = work.documents.get(taken.event["recallId"], recalls.KIND)
    if document is None or not _suffices(document, taken):
        return
    body = document.body
    entered = recalls.acknowledged(
        body,
        partner=taken.partner,
        reference=taken.subject,
        receipt=taken.event,
        token=taken.token,
        now=work.now(),
    )
    if not entered:
        return
    done = recalls.complete(body)
    work.documents.replace(
        document,
        body,
        reason="receipt",
        actor=taken.partner,
        status=recalls.COMPLETE if done else recalls.OPEN,
    )
    if "parts" not in taken.event:
        disclosed.settle(work.conn, taken.partner, taken.subject, taken.event["outcome"])
    if done:
        tasks.close_of(work.conn, document.id, "overdueRecall")


def find(work: Work, recall_id: str) -> Document:
    """Return a recall; raises Problem `notFound`."""
    document = work.documents.get(recall_id, recalls.KIND)
    if document is None:
        raise not_found()
    return document


def listed(work: Work, *, limit: int, after: Json | None, state: str | None) -> list[Document]:
    """Return recalls, oldest first, or those in one state (codelist recallProgress).

    All recalls are due after one span, so the overdue ones are the oldest of those that are open.
    """
    status = recalls.OPEN if state == recalls.OVERDUE else state
    columns = {} if status is None else {"status": status}
    found = work.documents.listing(recalls.KIND, limit=limit, after=after, **columns)
    if state != recalls.OVERDUE:
        return found
    return [recall for recall in found if recalls.is_overdue(recall, work.now())]


def view(work: Work, document: Document) -> Json:
    """Return a recall with the state at each recipient as it is now."""
    return recalls.view(document, outbox.accepted_of(work.conn, recalls.events(document)), work.now())


def _suffices(document: Document, taken: Taken) -> bool:
    """Tell whether a receipt says at least what the recall asked for, of every part that it named."""
    enough = rules.suffices(document.type, taken.event["outcome"])
    return enough and recalls.covers(document.body, taken.partner, taken.subject, taken.event)


def _targets(cause: str, disclosures: Iterable[Disclosure], reach: Reach) -> list[Target]:
    """Return what is asked of whom, once for each partner and reference; nothing where nothing is out."""
    found = {}
    for entry in disclosures:
        lost = reach.get(entry.id)
        parts = None if lost is None else lost & entry.out
        if parts == frozenset() or not rules.concerns(cause, entry.state, entry.kind):
            continue
        whole = parts is None or parts == entry.out or len(parts) > recalls.MOST_PARTS
        # A package in transfer is taken over as a whole or not at all.
        whole = whole or entry.kind == rules.TRANSFER
        found[entry.partner, entry.reference] = Target(entry, None if whole else parts)
    return list(found.values())


def _send(work: Work, target: Target, notice: Json) -> str:
    entry = target.entry
    return outbox.enqueue(
        work,
        partner=entry.partner,
        event_type="recall",
        subject=entry.reference,
        purpose=entry.purpose,
        event=notice | recalls.named(target),
    )


def _end_use(work: Work, target: Target) -> None:
    if target.parts is None:
        disclosed.settle(work.conn, target.entry.partner, target.entry.reference, rules.RECALLED)
        collected.end_offer(work, target.entry)
    else:
        disclosed.end_parts(work.conn, target.entry, target.parts)
