"""The recall document: every recipient of what rests on a basis that has gone, and its receipt."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from mpex_server.disclosures.repository import Disclosure
from mpex_server.domain import parts as rules
from mpex_server.domain.parts import Part
from mpex_server.kit.clock import instant
from mpex_server.storage.documents import Document

KIND = "recall"
OPEN, COMPLETE, OVERDUE = "open", "complete", "overdue"
RECORD = "record"
ACKNOWLEDGEMENT = timedelta(hours=48)
_OF_RECEIPT = ("outcome", "reason", "reviewDate")
_KEPT = frozenset({"restricted", "retainedByLaw"})
MOST_PARTS = 200
"""Parts that one recall names; of more, the whole is called back."""
Json = dict[str, Any]


class Target(NamedTuple):
    """What is called back from one recipient: a disclosure as a whole, or parts of it."""

    entry: Disclosure
    parts: frozenset[Part] | None


def named(target: Target) -> Json:
    """Return the member that names the parts of a target, none for the whole."""
    return {} if target.parts is None else {"parts": rules.told(target.parts)}


def covers(recall: Json, partner: str, reference: str, receipt: Json) -> bool:
    """Tell whether a receipt speaks of all that was asked for; one without parts speaks of the whole."""
    if "parts" not in receipt:
        return True
    asked = [
        entry.get("parts")
        for entry in recall["recipients"]
        if (entry["partner"], entry["reference"]) == (partner, reference)
    ]
    done = rules.names(receipt["parts"])
    return all(parts is not None and rules.names(parts) <= done for parts in asked)


def body(
    recall_id: str,
    *,
    cause: str,
    directive: str | None,
    record: str,
    purposes: Iterable[str],
    targets: Iterable[tuple[Target, str]],
    due: str,
    now: datetime,
) -> Json:
    """Return a new recall (recall.json); each target comes with the event that calls it back."""
    recipients = [
        {
            "partner": target.entry.partner,
            "kind": target.entry.kind,
            "reference": target.entry.reference,
            "state": "pending",
            "dueAt": due,
            "event": event,
        }
        | named(target)
        for target, event in targets
    ]
    made: Json = {"recallId": recall_id, "cause": cause, "record": record}
    if directive is not None:
        made["directive"] = directive
    return made | {"purposes": sorted(purposes), "createdAt": instant(now), "recipients": recipients}


def acknowledged(
    recall: Json, *, partner: str, reference: str, receipt: Json, token: str, now: datetime
) -> bool:
    """Enter a receipt; False when nobody of that name waits for one, or it says nothing new.

    Who has kept data may send a second receipt once they are erased.
    """
    for entry in recall["recipients"]:
        if (entry["partner"], entry["reference"]) == (partner, reference):
            kept = entry.get("outcome") in _KEPT and receipt["outcome"] == "erased"
            if entry["state"] == "acknowledged" and not kept:
                return False
            for name in _OF_RECEIPT:
                entry.pop(name, None)
            entry |= {name: receipt[name] for name in _OF_RECEIPT if name in receipt}
            entry |= {"state": "acknowledged", "receivedAt": instant(now), "receipt": token}
            return True
    return False


def complete(recall: Json) -> bool:
    """Tell whether every recipient has sent its receipt."""
    return all(entry["state"] == "acknowledged" for entry in recall["recipients"])


def is_overdue(document: Document, now: datetime) -> bool:
    """Tell whether a recipient has let the due time pass without a receipt."""
    return any(_late(entry, now) for entry in document.body["recipients"])


def events(document: Document) -> list[str]:
    """Return the events by which a recall calls back."""
    return [entry["event"] for entry in document.body["recipients"]]


def view(document: Document, accepted: set[str], now: datetime) -> Json:
    """Return the recall with what the outbox knows of delivery; `overdue` where no receipt came in time."""
    recall = document.body
    for entry in recall["recipients"]:
        if entry.pop("event") in accepted and entry["state"] == "pending":
            entry["state"] = "delivered"
        entry["overdue"] = _late(entry, now)
    return recall


def _late(entry: Json, now: datetime) -> bool:
    return bool(entry["state"] != "acknowledged" and entry["dueAt"] <= instant(now))
