"""Why a node calls back: a withdrawal, a later denial, a correction, or what staff declare."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection

from mpex_server.custody import withdrawals
from mpex_server.directives import review
from mpex_server.disclosures import repository as disclosed
from mpex_server.disclosures.repository import Disclosure
from mpex_server.disclosures.work import Work
from mpex_server.domain.parts import Part
from mpex_server.domain.recall import concerns
from mpex_server.errors import Fault, Problem
from mpex_server.identifications.repository import is_embargoed
from mpex_server.kit.clock import instant
from mpex_server.peers import registry
from mpex_server.recalls import reach, service
from mpex_server.reference_samples import donors
from mpex_server.release_requests import requests
from mpex_server.release_requests import service as release_requests
from mpex_server.storage import links
from mpex_server.storage.documents import Document
from mpex_server.tasks import repository as tasks

_DECLARED = frozenset({"dispute", "resolution", "missedReview"})
Json = dict[str, Any]


def withdraw(work: Work, directive: Document, withdrawal: Json, *, actor: str) -> Document:
    """Append a withdrawal to a directive and recall what rests on it; return the directive's new version.

    Where the directive went with a record, or came from, the withdrawal is passed on, unless by `actor`.
    """
    now = work.now()
    entry = {"at": instant(now)} | ({"purposes": withdrawal["purposes"]} if "purposes" in withdrawal else {})
    body = directive.body
    body["withdrawals"] = [*body.get("withdrawals", ()), entry]
    changed = work.documents.replace(directive, body, reason="withdrawal", actor=actor)
    review.plan(work, changed)
    work.documents.earlier.end(directive.id)
    purposes = frozenset(withdrawal.get("purposes", ()))
    recall_under(work, directive.id, purposes)
    for record in records_under(work.conn, directive.id):
        _end_requests(work, record, purposes, actor)
    donors.instruct_laboratories(work, directive.id)
    withdrawals.pass_on(work, directive.id, purposes, but_not=actor)
    return changed


def recall_under(work: Work, directive_id: str, purposes: frozenset[str]) -> None:
    """Recall what was disclosed under a directive, for the purposes; for all when none is named."""
    gone = [
        entry
        for entry in disclosed.under_directive(work.conn, directive_id)
        if _in_scope(entry.purpose, purposes)
    ]
    for record, entries in _by_record(gone).items():
        service.call_back(
            work,
            record,
            entries,
            cause="withdrawal",
            directive=directive_id,
            purposes=purposes,
            reach=reach.withdrawn(work, record, entries, directive_id),
        )


def records_under(conn: Connection, directive_id: str) -> set[str]:
    """Return the records that name a directive, or one that it follows after the death of who gave it."""
    named = set(links.linked_to(conn, directive_id, "directive"))
    followed = links.linked_to(conn, directive_id, "successor")
    return named.union(*(records_under(conn, name) for name in followed))


def reconsider(work: Work, record: Document, *, actor: str) -> None:
    """Recall what left this node and is denied by now, and end the requests for it (RECL-009).

    Only a denial calls back: what has merely lapsed was given while it could be given.
    """
    out = [
        entry
        for entry in disclosed.of_records(work.conn, [record.id])
        if concerns("withdrawal", entry.state, entry.kind)
    ]
    service.call_back(work, record.id, out, cause="withdrawal", reach=reach.denied(work, record, out))
    _end_requests(work, record.id, frozenset(), actor)


def correct(work: Work, record: Document) -> None:
    """Recall what was disclosed of the version before and has been changed since (RECL-012)."""
    before = work.documents.earlier.body(record.id, record.version - 1) or {"contributions": []}
    wrong = [
        entry
        for entry in disclosed.of_records(work.conn, [record.id])
        if concerns("correction", entry.state, entry.kind)
        and _is_changed(before, record.body, reach.told(before, entry))
    ]
    service.call_back(work, record.id, wrong, cause="correction", version=record.version)


def lose_trust(work: Work, partner: str) -> None:
    """Recall everything that a partner holds which has lost the mark, or was suspended (RECL-018)."""
    for record, entries in _by_record(disclosed.to_partner(work.conn, partner)).items():
        service.call_back(work, record, entries, cause="trustLost")


def declare(work: Work, declared: Json) -> Document:
    """Recall a record for a cause that staff name: dispute, resolution or missed review (RECL-011).

    Raises Problem: `ruleViolation` for another cause and for a record that is not here, `conflict` when
    nothing of it is out, or when partners would be told of an outcome before the family knows it.
    """
    if declared["cause"] not in _DECLARED:
        raise Problem(
            "ruleViolation", faults=[Fault("/cause", "follows from what happens; staff name it not")]
        )
    record = work.documents.get(declared["record"])
    if record is None or record.erased_at is not None:
        raise Problem("ruleViolation", faults=[Fault("/record", "names nothing that this node holds")])
    if declared["cause"] == "resolution" and is_embargoed(work.conn, record.id):
        raise Problem("conflict", "The outcome may not be told before the family has been notified of it.")
    entries = disclosed.of_records(work.conn, [record.id])
    made = service.call_back(work, record.id, entries, cause=declared["cause"])
    if made is None:
        raise Problem("conflict", "Nobody holds anything of the record that this recall could change.")
    return made


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


def _still_permitted(work: Work, record: Document, request: Document) -> bool:
    body = request.body
    partner = registry.find(work.conn, body["partner"], work.now())
    if partner is None:
        return False
    categories = frozenset(body.get("grantedCategories", body["requestedCategories"]))
    requester = registry.requester(partner.entry)
    return release_requests.decide(work, record, requester, body["purpose"], categories).permit


def _is_changed(before: Json, now: Json, told: Iterable[Part]) -> bool:
    """Tell whether a record says otherwise now what was told of it.

    An account that came later is no correction, and to call back for it would tell that there is one.
    """
    return any(_value(before, part) != _value(now, part) for part in told if part.contribution)


def _value(body: Json, part: Part) -> Any:
    found = (entry for entry in body["contributions"] if entry.get("contributionId") == part.contribution)
    return next((entry["sections"].get(part.category) for entry in found), None)


def _by_record(entries: Iterable[Disclosure]) -> dict[str, list[Disclosure]]:
    grouped: dict[str, list[Disclosure]] = defaultdict(list)
    for entry in entries:
        grouped[entry.record].append(entry)
    return grouped


def _in_scope(purpose: str, purposes: frozenset[str]) -> bool:
    return not purposes or purpose in purposes
