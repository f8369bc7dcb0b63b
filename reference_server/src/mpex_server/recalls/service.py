"""Withdrawal of consent: its effect here at once, and a recall to every recipient in the same transaction."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from mpex_server.disclosures import repository as disclosed
from mpex_server.disclosures.decision import decide_record
from mpex_server.disclosures.repository import Disclosure
from mpex_server.disclosures.work import Work
from mpex_server.events.taken import Taken
from mpex_server.kit.clock import instant
from mpex_server.kit.ids import new_id
from mpex_server.peers import registry
from mpex_server.recalls import outbox, recalls
from mpex_server.release_requests import requests, service
from mpex_server.storage import links
from mpex_server.storage.documents import Document
from mpex_server.tasks import repository as tasks

_DENIALS = frozenset({"denied", "doNotShareWith"})
Json = dict[str, Any]


def withdraw(work: Work, directive: Document, withdrawal: Json, *, actor: str) -> Document:
    """Append a withdrawal to a directive and recall what rests on it; return the directive's new version."""
    now = work.now()
    entry = {"at": instant(now)} | ({"purposes": withdrawal["purposes"]} if "purposes" in withdrawal else {})
    body = directive.body
    body["withdrawals"] = [*body.get("withdrawals", ()), entry]
    changed = work.documents.replace(directive, body, reason="withdrawal", actor=actor)
    purposes = frozenset(withdrawal.get("purposes", ()))
    gone = [
        entry
        for entry in disclosed.under_directive(work.conn, directive.id)
        if entry.state == disclosed.ACTIVE and _in_scope(entry.purpose, purposes)
    ]
    for record, entries in _by_record(gone).items():
        recall(work, record, entries, cause="withdrawal", directive=directive.id, purposes=purposes)
    for record in links.linked_to(work.conn, directive.id, "directive"):
        _end_requests(work, record, purposes, actor)
    return changed


def reconsider(work: Work, record: Document, *, actor: str) -> None:
    """Recall what left this node and is denied by now, and end the requests for it (RECL-009).

    Only a denial calls back: what has merely lapsed was given while it could be given.
    """
    gone = [
        entry
        for entry in disclosed.of_records(work.conn, [record.id])
        if entry.state == disclosed.ACTIVE and _denied(work, record, entry)
    ]
    if gone:
        recall(work, record.id, gone, cause="withdrawal", directive=None, purposes=())
    _end_requests(work, record.id, frozenset(), actor)


def recall(
    work: Work,
    record: str,
    entries: list[Disclosure],
    *,
    cause: str,
    directive: str | None,
    purposes: Iterable[str],
) -> Document:
    """Store a recall and put one event for each recipient and reference into the outbox (RECL-001)."""
    recall_id, now, scope = new_id("recall"), work.now(), sorted(purposes)
    body = recalls.body(
        recall_id,
        cause=cause,
        directive=directive,
        record=record,
        purposes=scope,
        disclosures=entries,
        now=now,
    )
    document = work.documents.create(recall_id, body, kind=recalls.KIND, type=cause, status="open")
    links.link(work.conn, recall_id, recalls.RECORD, record)
    due = body["recipients"][0]["dueAt"]
    purpose_of = {(entry.partner, entry.reference): entry.purpose for entry in entries}
    for (partner, reference), purpose in purpose_of.items():
        outbox.enqueue(
            work.conn,
            work.keys,
            issuer=work.settings.node_id,
            partner=partner,
            event_type="recall",
            subject=reference,
            purpose=purpose,
            event={"recallId": recall_id, "cause": "withdrawn", "purposes": scope, "dueAt": due},
            now=now,
        )
        disclosed.settle(work.conn, partner, reference, disclosed.RECALLED)
    tasks.add(work, kind="overdueRecall", subject=recall_id, due_at=due)
    return document


def take_receipt(work: Work, taken: Taken, _leaf: str, _purpose: str) -> None:
    """Enter a partner's receipt; one that no recall of ours waits for changes nothing."""
    document = work.documents.get(taken.event["recallId"], recalls.KIND)
    if document is None:
        return
    body, outcome = document.body, taken.event["outcome"]
    entered = recalls.acknowledged(
        body,
        partner=taken.partner,
        reference=taken.subject,
        outcome=outcome,
        receipt=taken.token,
        now=work.now(),
    )
    if not entered:
        return
    done = recalls.complete(body)
    work.documents.replace(
        document, body, reason="receipt", actor=taken.partner, status="complete" if done else "open"
    )
    disclosed.settle(work.conn, taken.partner, taken.subject, outcome)
    if done:
        tasks.close_of(work.conn, document.id, "overdueRecall")


def view(work: Work, document: Document) -> Json:
    """Return a recall with the state at each recipient as it is now."""
    return recalls.view(document, outbox.delivered(work.conn, document.body["recipients"]), work.now())


def _end_requests(work: Work, record_id: str, purposes: frozenset[str], actor: str) -> None:
    """End release requests on a record of which nothing may be released any more (RECL-006)."""
    record = work.documents.get(record_id)
    if record is None or record.erased_at is not None:
        return
    for request in requests.on_record(work.documents, work.conn, record_id):
        live = request.status in requests.UNDECIDED | requests.GRANTED
        if (
            live
            and _in_scope(request.body["purpose"], purposes)
            and not _still_permitted(work, record, request)
        ):
            work.documents.replace(
                request, request.body, reason="withdrawal", actor=actor, status="withdrawn"
            )
            tasks.close_of(work.conn, request.id, "releaseRequest")


def _denied(work: Work, record: Document, entry: Disclosure) -> bool:
    decision = decide_record(
        work.documents,
        record,
        registry.requester(registry.known(work.conn, entry.partner)),
        purpose=entry.purpose,
        categories=entry.categories,
        at=work.now(),
    )
    refused = frozenset(entry.categories) - decision.categories
    return any(
        category in refused and not _DENIALS.isdisjoint(outcome.reasons)
        for (_, category), outcome in decision.per.items()
    )


def _still_permitted(work: Work, record: Document, request: Document) -> bool:
    body = request.body
    partner = registry.find(work.conn, body["partner"], work.now())
    if partner is None:
        return False
    categories = frozenset(body.get("grantedCategories", body["requestedCategories"]))
    requester = registry.requester(partner.entry)
    return service.decide(work, record, requester, body["purpose"], categories).permit


def _by_record(entries: Iterable[Disclosure]) -> dict[str, list[Disclosure]]:
    grouped: dict[str, list[Disclosure]] = defaultdict(list)
    for entry in entries:
        grouped[entry.record].append(entry)
    return grouped


def _in_scope(purpose: str, purposes: frozenset[str]) -> bool:
    return not purposes or purpose in purposes
