"""The office that acts for a child who was found: asked for until the record names it (CHLD-001)."""

from mpex_server.disclosures.decision import found_living, may_be_minor
from mpex_server.disclosures.work import Work
from mpex_server.domain.redaction import CHILD_OFFICE
from mpex_server.storage.documents import Document
from mpex_server.tasks import repository as tasks

KIND = "childProtection"


def plan(work: Work, record: Document) -> None:
    """Open or close the task of a record according to its newest version."""
    if not _lacks_office(work, record):
        if record.version > 1:
            tasks.close_of(work.conn, record.id, KIND)
    elif not tasks.open_of(work.conn, work.keys, record.id, KIND):
        tasks.add(work, kind=KIND, subject=record.id)


def _lacks_office(work: Work, record: Document) -> bool:
    return (
        CHILD_OFFICE not in record.body
        and record.body.get("fate", {}).get("value") != "deceased"
        and found_living(record)
        and may_be_minor(record, work.now())
    )
