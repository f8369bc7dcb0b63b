"""Breaches: who received data tells whoever released them, and their origin, what befell them (ONW-008)."""

from typing import Any

from mpex_server.disclosures import repository as disclosed
from mpex_server.disclosures.work import Work
from mpex_server.errors import Problem
from mpex_server.events.taken import Taken
from mpex_server.onward import senders
from mpex_server.recalls import outbox
from mpex_server.received_releases import custodians
from mpex_server.storage.documents import Document
from mpex_server.tasks import repository as tasks

KIND = "breach"
_MOST = 20
_LATER = "86400"
Json = dict[str, Any]


def report(work: Work, received: Document, breach: Json) -> None:
    """Tell the node that released the data, and their origin, at once."""
    body = received.body
    told = {(body["from"], body["release"]), (custodians.present(body), body["origin"]["release"])}
    for partner, release in sorted(told):
        outbox.enqueue(
            work,
            partner=partner,
            event_type=KIND,
            subject=release,
            purpose=body["purpose"],
            event=breach,
        )


def take(work: Work, taken: Taken, _leaf: str, purpose: str) -> None:
    """Open a task on what befell the data, for a person to decide what those concerned are told (ONW-013).

    While it is open, the same partner's further reports on the record are part of it. What it has no room for
    is refused, and comes again. Raises Problem `quotaExceeded`.
    """
    records = {entry.record for entry in disclosed.of_reference(work.conn, taken.subject)}
    for record in sorted(records):
        senders.require(work, taken, record)
        waiting = tasks.open_of(work.conn, work.keys, record, KIND)
        known = next((task for task in waiting if task.details["partner"] == taken.partner), None)
        if known is None:
            told = [taken.event]
            tasks.add(work, kind=KIND, subject=record, partner=taken.partner, purpose=purpose, breaches=told)
        else:
            _join(work, known, taken.event)


def _join(work: Work, task: tasks.Task, breach: Json) -> None:
    """Add a report to the task that waits, once; raises Problem when there is no room."""
    told = task.details["breaches"]
    if breach in told:
        return
    if len(told) >= _MOST:
        raise Problem(
            "quotaExceeded",
            "More was reported on this record than somebody has looked at.",
            headers={"Retry-After": _LATER},
        )
    tasks.note(work.conn, work.keys, task, {"breaches": [*told, breach]})
