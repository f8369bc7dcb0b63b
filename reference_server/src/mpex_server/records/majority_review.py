"""The review that is due before the permits given for a child end (CONS-019)."""

from datetime import UTC, datetime, time, timedelta

from mpex_server.disclosures.decision import DirectiveReader, is_living
from mpex_server.disclosures.work import Work
from mpex_server.domain.majority import of_age_on
from mpex_server.kit.clock import instant
from mpex_server.storage.documents import Document
from mpex_server.tasks import repository as tasks

KIND = "majorityReview"
AHEAD = timedelta(days=90)


def plan(work: Work, record: Document, directives: DirectiveReader | None = None) -> None:
    """Open, move or close the review of a record according to its newest version."""
    reader = directives or DirectiveReader(work.documents)
    tasks.move(work, record, kind=KIND, due_at=_due_at(record, reader))


def _due_at(record: Document, reader: DirectiveReader) -> str | None:
    day = of_age_on(record.body["contributions"])
    if day is None or not is_living(record):
        return None
    directives = reader.of(record.body)
    grown = any(each.authority == "self" and each.binds_whole_record for each in directives)
    if grown or not any(each.ends_by_majority(day) for each in directives):
        return None
    return instant(datetime.combine(day, time.min, UTC) - AHEAD)
