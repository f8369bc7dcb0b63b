"""Reviews of records and of search requests: a warning in time, a reason for putting one off, what is missed.

A missed review erases nothing, least of all somebody who is sought or remains (CASE-011 to CASE-013).
A search request is suspended (CASE-029).
"""

from datetime import datetime, timedelta

from mpex_server.audit import leaves
from mpex_server.disclosures import repository as disclosed
from mpex_server.disclosures.decision import OUT_OF_USE, usable
from mpex_server.disclosures.work import OwnWork, Work
from mpex_server.domain.dates import passed_at
from mpex_server.kit.clock import instant
from mpex_server.node import Node
from mpex_server.recalls import service as recalls
from mpex_server.records.resource import Body, broken_rule
from mpex_server.storage.documents import Document
from mpex_server.storage.engine import transaction
from mpex_server.tasks import repository as tasks

KIND = "review"
AHEAD = timedelta(days=30)
BATCH = 20
_MISSED = "missedReview"
_REQUEST, _OPEN = "request", "open"


def check(body: Body, current: Document, now: datetime) -> None:
    """Refuse to put a review off without a reason, and to use a record again whose review is still missed."""
    before = current.body.get("reviewDue")
    told = body.get("changeReason")
    if before and body.get("reviewDue") != before and told in (None, current.body.get("changeReason")):
        raise broken_rule((("changeReason",), "is needed: say why the review is put off"))
    end = passed_at(body.get("reviewDue"))
    back = not _in_use(current, current.status) and _in_use(current, body["status"])
    if back and end and end <= now:
        raise broken_rule((("reviewDue",), "has passed; say when the next review is due"))


def plan(work: Work, record: Document) -> None:
    """Open, move or close the task of the review according to the newest version."""
    end = passed_at(record.body.get("reviewDue")) if _in_use(record, record.status) else None
    tasks.move(work, record, kind=KIND, due_at=instant(end - AHEAD) if end else None)


def resume(work: Work, record: Document) -> None:
    """Restrict a record that comes back into use after its review was missed; else let the review go on."""
    end = passed_at(record.body.get("reviewDue"))
    if end and end <= work.now() and usable(record):
        _restrict(work, record)
        tasks.close_of(work.conn, record.id, KIND)
    else:
        plan(work, record)


def restrict_missed(node: Node) -> int:
    """Restrict or suspend some documents whose review was missed, and return how many.

    What is out of a record is recalled; the standing queries of a request end with it.
    """
    with transaction(node.engine) as conn:
        work = OwnWork(conn, node.keys, node.clock, node.settings)
        missed = tasks.due_before(conn, KIND, instant(work.now() - AHEAD), limit=BATCH)
        for record in work.documents.many(missed, to_change=True):
            if record.erased_at is None and _in_use(record, record.status):
                _restrict(work, record)
            tasks.close_of(conn, record.id, KIND)
    return len(missed)


def _restrict(work: Work, record: Document) -> None:
    owner, status = work.settings.node_id, "suspended" if record.kind == _REQUEST else "restricted"
    body = record.body | {"status": status}
    changed = work.documents.replace(record, body, reason=_MISSED, actor=owner, status=status)
    recalls.call_back(work, record.id, disclosed.of_records(work.conn, [record.id]), cause=_MISSED)
    leaves.write(
        work.conn,
        work.keys,
        at=instant(work.now()),
        event="write",
        outcome="done",
        actor=owner,
        subject=changed,
        reason=_MISSED,
    )


def _in_use(document: Document, status: str) -> bool:
    """Tell whether a document is in use in a status, so that its review is due."""
    return status == _OPEN if document.kind == _REQUEST else status not in OUT_OF_USE
