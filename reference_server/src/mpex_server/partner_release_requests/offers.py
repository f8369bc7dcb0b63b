"""Offers of partners: somebody else's data, which a partner may pass on; they wait here to be collected."""

from mpex_server.disclosures.work import Work
from mpex_server.events.taken import Taken
from mpex_server.kit.clock import instant
from mpex_server.kit.ids import new_id
from mpex_server.partner_release_requests import service
from mpex_server.storage import links
from mpex_server.storage.documents import Document
from mpex_server.tasks import repository as tasks

_OFFER = "offer"


def take(work: Work, taken: Taken, _leaf: str, purpose: str) -> None:
    """Keep an offer and open a task; staff decide whether to collect."""
    made = keep(work, taken, purpose, taken.event["releaseRequestId"])
    if made is not None:
        tasks.add(work, kind="releaseOffered", subject=made.id, partner=taken.partner, purpose=purpose)


def keep(work: Work, taken: Taken, purpose: str, request: str) -> Document | None:
    """Keep what is offered as a request that the partner has approved already; None when it was offered."""
    now, event = instant(work.now()), taken.event
    if links.linked_to(work.conn, request, _OFFER):
        return None
    body = {
        "partner": taken.partner,
        "status": {
            "releaseRequestId": request,
            "state": "approved",
            "requestedAt": now,
            "dueAt": now,
            "grantedCategories": event["categories"],
            "escalated": False,
        },
        "purpose": purpose,
        "legalBasis": "legalObligation",
        "caseReference": event["caseReference"],
    }
    made = work.documents.create(
        new_id(service.KIND), body, kind=service.KIND, type=service.KIND, status="approved"
    )
    links.link(work.conn, made.id, _OFFER, request)
    return made
