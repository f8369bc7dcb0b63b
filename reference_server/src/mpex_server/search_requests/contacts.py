"""Contacts with enquirers, cleared before they are made: safe, of the living, and with authority."""

from typing import Any

from mpex_server.disclosures.work import Work
from mpex_server.domain import safe_contact
from mpex_server.errors import Fault, Problem
from mpex_server.kit.clock import instant
from mpex_server.kit.ids import new_id
from mpex_server.search_requests import guardians
from mpex_server.search_requests.service import DIED
from mpex_server.storage import links
from mpex_server.storage.documents import Document

KIND = "contact"
_TEXTS = {
    "channel": Fault(
        "/channel", "is not the channel that the enquirer named as safe; give a reason or use that"
    ),
    "safeHours": Fault("/reason", "is required: it is outside the hours that the enquirer named as safe"),
}


def clear(work: Work, request: Document, attempt: dict[str, Any], *, actor: str) -> Document:
    """Record a contact that may be made now; raises Problem `unsafeContact` or `conflict`."""
    if _enquirer_died(request):
        raise Problem("conflict", "The enquirer has died; enter who asks now before anybody is contacted.")
    guardians.check(work, request, attempt)
    rules = request.body.get("safeContact", {})
    broken = list(safe_contact.broken(rules, attempt["channel"], work.now()))
    if broken and "reason" not in attempt:
        raise Problem("unsafeContact", faults=[_TEXTS[name] for name in broken])
    kept = {"by": actor, "outsideRules": bool(broken), "at": instant(work.now())} | attempt
    contact = work.documents.create(new_id(KIND), kept, kind=KIND, type=KIND, status="cleared")
    links.link(work.conn, contact.id, "request", request.id)
    return contact


def _enquirer_died(request: Document) -> bool:
    return DIED in request.body


def view(contact: Document, request: Document) -> dict[str, Any]:
    """Return the clearance with the rules to keep (contact-clearance.json)."""
    shown = {name: contact.body[name] for name in ("at", "channel", "outsideRules")}
    rules = request.body.get("safeContact")
    return {"contactId": contact.id} | shown | ({"rules": rules} if rules else {})
