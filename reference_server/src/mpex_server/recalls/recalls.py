"""The recall document: every recipient of what rests on a basis that has gone, and its receipt."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from mpex_server.disclosures.repository import Disclosure
from mpex_server.kit.clock import instant
from mpex_server.storage.documents import Document

KIND = "recall"
RECORD = "record"
ACKNOWLEDGEMENT = timedelta(hours=48)


def body(
    recall_id: str,
    *,
    cause: str,
    directive: str | None,
    record: str,
    purposes: Iterable[str],
    disclosures: Iterable[Disclosure],
    now: datetime,
) -> dict[str, Any]:
    """Return a new recall (recall.json): one recipient per partner and reference."""
    due = instant(now + ACKNOWLEDGEMENT)
    known = {(entry.partner, entry.reference): entry.kind for entry in disclosures}
    recipients = [
        {"partner": partner, "kind": kind, "reference": reference, "state": "pending", "dueAt": due}
        for (partner, reference), kind in known.items()
    ]
    made: dict[str, Any] = {"recallId": recall_id, "cause": cause, "record": record}
    if directive is not None:
        made["directive"] = directive
    return made | {"purposes": sorted(purposes), "createdAt": instant(now), "recipients": recipients}


def acknowledged(
    recall: dict[str, Any], *, partner: str, reference: str, outcome: str, receipt: str, now: datetime
) -> bool:
    """Enter a receipt; False when nobody of that name waits for one, or it has come before."""
    for entry in recall["recipients"]:
        waits = entry["state"] != "acknowledged"
        if waits and (entry["partner"], entry["reference"]) == (partner, reference):
            entry |= {
                "state": "acknowledged",
                "outcome": outcome,
                "receivedAt": instant(now),
                "receipt": receipt,
            }
            return True
    return False


def complete(recall: dict[str, Any]) -> bool:
    """Tell whether every recipient has sent its receipt."""
    return all(entry["state"] == "acknowledged" for entry in recall["recipients"])


def view(document: Document, delivered: set[tuple[str, str]], now: datetime) -> dict[str, Any]:
    """Return the recall with what the outbox knows of delivery; `overdue` where no receipt came in time."""
    recall = document.body
    for entry in recall["recipients"]:
        if entry["state"] == "pending" and (entry["partner"], entry["reference"]) in delivered:
            entry["state"] = "delivered"
        entry["overdue"] = entry["state"] != "acknowledged" and entry["dueAt"] <= instant(now)
    return recall
