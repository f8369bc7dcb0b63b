"""The origin of what was passed on: it is asked where it said so, told of every recipient, and decides."""

from dataclasses import replace
from typing import Any

from mpex_server import office
from mpex_server.disclosures import repository as disclosed
from mpex_server.disclosures.decision import decide_record, found_living, usable
from mpex_server.disclosures.repository import Disclosure
from mpex_server.disclosures.work import Work
from mpex_server.errors import Problem, not_found
from mpex_server.events.taken import Taken
from mpex_server.kit.clock import instant
from mpex_server.kit.ids import new_id
from mpex_server.onward import senders
from mpex_server.peers import registry
from mpex_server.recalls import outbox, reach
from mpex_server.recalls import service as recalls
from mpex_server.release_requests import emergencies
from mpex_server.storage.documents import Document
from mpex_server.tasks import repository as tasks

KIND = "onwardRequest"
PENDING = "pending"
_CAUSE_OF = {"marked": "dispute", "restricted": "missedReview"}
_GONE = frozenset({"recalled", "erased", "retainedByLaw"})
_ASKED = ("onwardId", "recipient", "categories")
_LATER = "86400"
_INTERNAL = frozenset({"firstApproval"})
Json = dict[str, Any]


def take_question(work: Work, taken: Taken, _leaf: str, _purpose: str) -> None:
    """Keep a recipient's question whether it may pass on, for a person to decide.

    It is about what was released, for the purpose of that release; a question on more is dropped.
    """
    entry = _concerned(work, taken)
    if entry is None or entry.state in _GONE or not _is_within(taken.event, entry):
        return
    body = {name: taken.event[name] for name in _ASKED}
    body |= {"partner": taken.partner, "release": taken.subject, "record": entry.record}
    body["purpose"] = entry.purpose
    body |= {"askedAt": instant(work.now())}
    made = work.documents.create(
        new_id(KIND), body, kind=KIND, type=KIND, status=PENDING, owner=taken.partner
    )
    tasks.add(work, kind=KIND, subject=made.id, partner=taken.partner, purpose=body["purpose"])


def take_report(work: Work, taken: Taken, leaf: str, _purpose: str) -> None:
    """Enter an onward recipient into the list of recipients, and recall what it may not have (ONW-005).

    What went on for another purpose is entered under that of the release, too, and called back (ONW-014).

    Only a node that has, or had, something of the record says to whom it went, and of so many as the metadata
    allow (ONW-012).
    """
    entry, event = _concerned(work, taken), taken.event
    if entry is None or disclosed.under_reference(work.conn, event["recipient"], event["reference"]):
        return
    if disclosed.passed_on(work.conn, entry.id) >= work.settings.onward_recipients_per_release:
        raise Problem(
            "quotaExceeded",
            "More nodes are reported for this release than the node's metadata allow.",
            headers={"Retry-After": _LATER},
        )
    disclosed.add(
        work.conn,
        kind="release",
        record=entry.record,
        directives=entry.directives,
        partner=event["recipient"],
        purpose=entry.purpose,
        categories=event["categories"],
        reference=event["reference"],
        at=event["at"],
        leaf=leaf,
        parts={part for part in entry.parts if part.category in event["categories"]},
        through=entry.id,
    )
    new = disclosed.under_reference(work.conn, event["recipient"], event["reference"])
    permitted = frozenset(event["categories"]) <= _permitted(work, entry.record, event, entry.purpose)
    if entry.state in _GONE or not permitted or not _keeps_purpose(event, entry):
        recalls.call_back(work, entry.record, new, cause="withdrawal")
        return
    if entry.state in _CAUSE_OF:
        recalls.call_back(work, entry.record, new, cause=_CAUSE_OF[entry.state])
    beyond = reach.beyond(work, entry.record, new)
    gone = {name: None if lost is None else lost | entry.gone for name, lost in beyond.items()}
    recalls.call_back(work, entry.record, new, cause="withdrawal", reach=gone)


def find(work: Work, request_id: str) -> Document:
    """Return a question; raises Problem `notFound`."""
    document = work.documents.get(request_id, KIND)
    if document is None:
        raise not_found()
    return document


def decide(work: Work, question: Document, decision: str, *, actor: str) -> Document:
    """Answer a question; an approval that two persons must give waits for the second (PURP-010, REL-010).

    Raises Problem `conflict` when it was answered, consent does not reach so far, or one approves twice.
    """
    if question.status != PENDING:
        raise Problem("conflict", "The question has been decided before.")
    body = question.body
    if decision == "approve":
        asked = frozenset(body["categories"])
        if not _may_have(work, body):
            raise Problem("conflict", "Consent does not permit that recipient what was asked for.")
        if emergencies.needs_two(question) or asked & office.of(work.settings).four_eyes:
            first = body.get("firstApproval")
            if first is None:
                body["firstApproval"] = {"by": actor, "at": instant(work.now())}
                return work.documents.replace(question, body, reason=decision, actor=actor)
            if first["by"] == actor:
                raise Problem("conflict", "You have approved this already; a second person must, too.")
        emergencies.follow(work, question, actor)
    tasks.close_of(work.conn, question.id, KIND)
    outbox.enqueue(
        work,
        partner=body["partner"],
        event_type="onwardDecided",
        subject=body["release"],
        purpose=body["purpose"],
        event={"onwardId": body["onwardId"], "decision": decision},
    )
    state = {"approve": "approved", "refuse": "refused"}[decision]
    return work.documents.replace(question, body, reason=decision, actor=actor, status=state)


def view(question: Document) -> Json:
    """Return a question as staff see it (onward-request.json)."""
    shown = {name: value for name, value in question.body.items() if name not in _INTERNAL}
    return {"onwardRequestId": question.id, "state": question.status} | shown


def _concerned(work: Work, taken: Taken) -> Disclosure | None:
    """Return the disclosure that an event is about; it must come from somebody who had part in it."""
    entry = _released(work, taken.subject)
    if entry is not None:
        senders.require(work, taken, entry.record)
    return entry


def _released(work: Work, reference: str) -> Disclosure | None:
    found = disclosed.of_reference(work.conn, reference)
    return next((entry for entry in found if entry.kind == "release"), None)


def _is_within(asked: Json, entry: Disclosure) -> bool:
    return _keeps_purpose(asked, entry) and frozenset(asked["categories"]) <= set(entry.categories)


def _keeps_purpose(said: Json, entry: Disclosure) -> bool:
    return bool(said["purpose"] == entry.purpose)


def _may_have(work: Work, question: Json) -> bool:
    """Tell whether consent permits the recipient every account that would go on to it (ONW-014)."""
    asked, record = frozenset(question["categories"]), question["record"]
    entry = _released(work, question["release"])
    if entry is None or not asked <= _permitted(work, record, question, question["purpose"]):
        return False
    going = replace(
        entry,
        partner=question["recipient"],
        categories=tuple(asked),
        parts=frozenset(part for part in entry.parts if part.category in asked),
    )
    return reach.beyond(work, record, [going]) == {going.id: frozenset()}


def _permitted(work: Work, record_id: str, asked: Json, purpose: str) -> frozenset[str]:
    """Return what consent permits the onward recipient today; nothing for one that is no partner here."""
    record = work.documents.get(record_id)
    partner = registry.find(work.conn, asked["recipient"], work.now(), to_tell=True)
    if record is None or partner is None or not usable(record) or found_living(record):
        return frozenset()
    return decide_record(
        work.documents,
        record,
        registry.requester(partner.entry),
        purpose=purpose,
        categories=asked["categories"],
        at=work.now(),
    ).categories
