"""The release request as a document, as the partner sees it, and as the release officer sees it."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from mpex_server.kit.clock import instant
from mpex_server.storage import links
from mpex_server.storage.documents import Document, Documents

KIND = "releaseRequest"
RECORD = "record"
PENDING, NEED_MORE = "pending", "needMore"
UNDECIDED = frozenset({PENDING, NEED_MORE})
GRANTED = frozenset({"approved", "approvedReduced"})
_CASE = (
    "partner",
    "record",
    "purpose",
    "legalBasis",
    "caseReference",
    "reason",
    "requestedCategories",
    "grantedCategories",
    "requestedAt",
    "dueAt",
    "cause",
    "decidedAt",
    "decidedBy",
    "policy",
    "dialogue",
    "firstApproval",
)


def find(documents: Documents, request_id: str) -> Document | None:
    """Return a release request, or None."""
    return documents.get(request_id, KIND)


def on_record(documents: Documents, conn: Any, record: str) -> list[Document]:
    """Return every release request on a record."""
    found = documents.many(links.linked_to(conn, record, RECORD))
    return [document for document in found if document.kind == KIND]


def escalated(request: Document, now: datetime) -> bool:
    """Tell whether the due time has passed while the holder is to decide."""
    return request.status == PENDING and request.body["dueAt"] <= instant(now)


def status(request: Document, now: datetime, *, gone: bool) -> dict[str, Any]:
    """Return what the asker may know (release-request-status.json): never a cause (REL-005)."""
    body = request.body
    state = "withdrawn" if gone else request.status
    view = {
        "releaseRequestId": request.id,
        "state": state,
        "requestedAt": body["requestedAt"],
        "dueAt": body["dueAt"],
        "escalated": escalated(request, now),
    }
    if state in GRANTED:
        view["grantedCategories"] = body["grantedCategories"]
    if state == NEED_MORE:
        view["question"] = body["dialogue"][-1]["question"]
    return view


def case(
    request: Document,
    *,
    partner_name: str | None,
    permitted: Iterable[str],
    held: Iterable[str],
    now: datetime,
) -> dict[str, Any]:
    """Return what the release officer decides on (release-request-case.json)."""
    body = request.body
    view = {"releaseRequestId": request.id, "state": request.status}
    view |= {name: body[name] for name in _CASE if name in body}
    if partner_name is not None:
        view["partnerName"] = partner_name
    within = {"permittedCategories": sorted(permitted), "heldCategories": sorted(held)}
    return view | within | {"escalated": escalated(request, now)}
