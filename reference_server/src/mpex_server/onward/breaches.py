"""Breaches: who received data tells whoever released them, and their origin, what befell them (ONW-008)."""

from typing import Any

from mpex_server.disclosures import repository as disclosed
from mpex_server.disclosures.work import Work
from mpex_server.events.taken import Taken
from mpex_server.onward import senders
from mpex_server.recalls import outbox
from mpex_server.received_releases import custodians
from mpex_server.storage.documents import Document
from mpex_server.tasks import repository as tasks

KIND = "breach"
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
    """Open a task on what the sender was released, for a person to decide what those concerned are told.

    While it is open, the same partner's further reports on the record are part of it.
    """
    records = {entry.record for entry in disclosed.of_reference(work.conn, taken.subject)}
    for record in sorted(records):
        senders.require(work, taken, record)
        waiting = tasks.open_of(work.conn, work.keys, record, KIND)
        if all(task.details["partner"] != taken.partner for task in waiting):
            tasks.add(work, kind=KIND, subject=record, partner=taken.partner, purpose=purpose)
