"""What a release for `protectLife` asks for beside consent: two persons, a review, and a word to the person.

It is opened by a directive like any other: this node overrides nobody's silence (decision 0008).
"""

from datetime import datetime, timedelta

from mpex_server.disclosures.work import Work
from mpex_server.domain.purposes import PROTECT_LIFE, PROTECT_LIFE_HOURS
from mpex_server.kit.clock import parse_instant
from mpex_server.storage.documents import Document
from mpex_server.tasks import repository as tasks

REVIEW, INFORM = "emergencyReview", "informPerson"


def needs_two(request: Document) -> bool:
    """Tell whether two persons must approve whatever is asked for (PURP-010)."""
    return bool(request.body["purpose"] == PROTECT_LIFE)


def is_over(request: Document, now: datetime) -> bool:
    """Tell whether what was approved in an emergency may not be collected any more, not once more either."""
    if not needs_two(request):
        return False
    return parse_instant(request.body["decidedAt"]) + timedelta(hours=PROTECT_LIFE_HOURS) <= now


def follow(work: Work, request: Document, second: str) -> None:
    """Open what follows an approval: an independent review (PURP-011), and telling the person (PURP-012)."""
    if not needs_two(request):
        return
    first = request.body["firstApproval"]["by"]
    told = {"partner": request.body["partner"], "purpose": PROTECT_LIFE}
    tasks.add(work, kind=REVIEW, subject=request.id, notBy=[first, second], **told)
    tasks.add(work, kind=INFORM, subject=request.body["record"], **told)
