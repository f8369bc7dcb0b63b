"""Contacts cleared before they are made: by a channel and at an hour that are safe, or for a reason."""

from collections.abc import Iterable
from typing import Any

from mpex_server.disclosures.work import Work
from mpex_server.domain import safe_contact
from mpex_server.domain.safe_contact import Rules
from mpex_server.errors import Fault, Problem
from mpex_server.kit.clock import instant
from mpex_server.kit.ids import new_id
from mpex_server.storage import links
from mpex_server.storage.documents import Document

KIND = "contact"
_TEXTS = {
    "channel": Fault("/channel", "is not the channel that was named as safe; give a reason or use that"),
    "safeHours": Fault("/reason", "is required: it is outside the hours that were named as safe"),
}


def clear(
    work: Work, subject: Document, rules: Iterable[Rules], attempt: dict[str, Any], *, actor: str
) -> Document:
    """Record a contact that may be made now; raises Problem `unsafeContact`.

    It keeps every one of the rules, or says why it does not. It is erased with its `subject`.
    """
    breaks = {name for each in rules for name in safe_contact.broken(each, attempt["channel"], work.now())}
    if breaks and "reason" not in attempt:
        raise Problem("unsafeContact", faults=[_TEXTS[name] for name in sorted(breaks)])
    kept = {"by": actor, "outsideRules": bool(breaks), "at": instant(work.now())} | attempt
    contact = work.documents.create(new_id(KIND), kept, kind=KIND, type=KIND, status="cleared")
    links.link(work.conn, contact.id, subject.kind, subject.id)
    return contact


def is_cleared_since(work: Work, contact_id: str, moment: str) -> bool:
    """Tell whether a contact was cleared at this node at that moment or later."""
    contact = work.documents.get(contact_id, KIND)
    return contact is not None and contact.erased_at is None and bool(contact.body["at"] >= moment)


def outcome(contact: Document) -> str:
    """Return what the entry of the log says of a clearance (codelist `logOutcomes`)."""
    return "outsideRules" if contact.body["outsideRules"] else "done"


def view(contact: Document, rules: Iterable[Rules]) -> dict[str, Any]:
    """Return the clearance with the rules to keep (contact-clearance.json)."""
    shown = {name: contact.body[name] for name in ("at", "channel", "outsideRules")}
    named = [each for each in rules if each]
    return {"contactId": contact.id} | shown | ({"rules": named} if named else {})
