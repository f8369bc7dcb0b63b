"""Events that are missing: what is held under their reference is closed until they have come (RECL-020)."""

from mpex_server.disclosures.work import Work
from mpex_server.events import repository as inbox
from mpex_server.events.taken import Taken
from mpex_server.received_releases import service
from mpex_server.tasks import repository as tasks

KIND = "missingEvent"


def watch(work: Work, taken: Taken) -> None:
    """Open a task on what is held while an event about it is missing, and close it when none is."""
    missing = inbox.has_gap(work.conn, taken.partner, taken.subject)
    for document in service.under(work, taken.subject, taken.partner):
        if not missing:
            tasks.close_of(work.conn, document.id, KIND)
        elif not tasks.open_of(work.conn, work.keys, document.id, KIND):
            tasks.add(work, kind=KIND, subject=document.id, partner=taken.partner)
