"""Reviews of directives: the task to ask again whoever gave one, and why it stands (CONS-021 to CONS-023).

A date that has passed changes nothing of a directive: the task waits, and goes to a superior.
"""

from datetime import datetime
from typing import Any

from mpex_server.disclosures.work import Work
from mpex_server.domain.dates import passed_at
from mpex_server.errors import Problem
from mpex_server.kit.clock import instant
from mpex_server.records.resource import broken_rule
from mpex_server.storage.documents import Document
from mpex_server.tasks import repository as tasks

KIND = "consentReview"
_MOST = 100
Json = dict[str, Any]


def plan(work: Work, directive: Document) -> None:
    """Open, move or close the task of the review according to the newest version."""
    due = passed_at(directive.body.get("reviewDue")) if _stands(directive) else None
    tasks.move(work, directive, kind=KIND, due_at=instant(due) if due else None)


def put_off(work: Work, directive: Document, asked: Json, *, actor: str) -> Document:
    """Enter a review and when the next is due; raises Problem `conflict` or `ruleViolation`."""
    if not _stands(directive):
        raise Problem("conflict", "The directive is withdrawn or frozen; there is nothing to ask about it.")
    _require_to_come(asked, work.now())
    body = directive.body
    reviews = [*body.get("reviews", ()), {"at": instant(work.now())} | asked][-_MOST:]
    body |= {"reviewDue": asked["reviewDue"], "reviews": reviews}
    changed = work.documents.replace(directive, body, reason="review", actor=actor)
    plan(work, changed)
    return changed


def _require_to_come(asked: Json, now: datetime) -> None:
    due = passed_at(asked["reviewDue"])
    if due is None or due <= now:
        raise broken_rule((("reviewDue",), "is no date to come"))


def _stands(directive: Document) -> bool:
    """Tell whether a directive is neither frozen nor withdrawn for all purposes."""
    withdrawals = directive.body.get("withdrawals", ())
    return "frozenAt" not in directive.body and all("purposes" in entry for entry in withdrawals)
