"""Whose word counts about a release: that of nodes that have, or had, something of its record (ONW-009)."""

from mpex_server.disclosures import repository as disclosed
from mpex_server.disclosures.work import Work
from mpex_server.events.taken import Taken
from mpex_server.events.tokens import early


def require(work: Work, taken: Taken, record: str) -> None:
    """Refuse an event of a node to which nothing of the record went, so that it comes until something did.

    A node that was passed the data may speak before whoever passed them on has reported it.
    """
    if not disclosed.was_released(work.conn, taken.partner, record):
        raise early("Nothing of what the event is about is known here to have gone to its sender.")
