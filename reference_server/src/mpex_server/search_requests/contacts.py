"""Contacts with enquirers, cleared before they are made: safe, of the living, and with authority."""

from typing import Any

from mpex_server.disclosures.work import Work
from mpex_server.domain.safe_contact import Rules
from mpex_server.errors import Problem
from mpex_server.records import clearances
from mpex_server.search_requests import guardians
from mpex_server.search_requests.service import DIED
from mpex_server.storage.documents import Document


def clear(work: Work, request: Document, attempt: dict[str, Any], *, actor: str) -> Document:
    """Record a contact that may be made now; raises Problem `unsafeContact` or `conflict`."""
    if _enquirer_died(request):
        raise Problem("conflict", "The enquirer has died; enter who asks now before anybody is contacted.")
    guardians.check(work, request, attempt)
    return clearances.clear(work, request, rules(request), attempt, actor=actor)


def _enquirer_died(request: Document) -> bool:
    return DIED in request.body


def rules(request: Document) -> list[Rules]:
    """Return how the enquirer can be reached without harm."""
    return [request.body["safeContact"]] if "safeContact" in request.body else []
