"""What `mpex-server check` looks at: one row of `CHECKS` for each way in which a database can be damaged."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from sqlalchemy.exc import DBAPIError

from mpex_server.disclosures.work import Work
from mpex_server.upkeep import documents, index, log, traffic

_RESTORE = "Restore the newest backup; damage of this kind does not come from the software."
_WRITE = "Let the registrar store the record once more, unchanged: that writes its index anew."


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that must hold; `find` yields the places where it does not, without personal data."""

    name: str
    says: str
    find: Callable[[Work], Iterator[str]]
    remedy: str


CHECKS: tuple[Check, ...] = (
    Check(
        "schema",
        "The tables are not those of this version.",
        traffic.other_schema,
        "Run `mpex-server db upgrade`.",
    ),
    Check(
        "floor",
        "The database lets the node do what it must not be able to do.",
        traffic.without_floor,
        "Run `mpex-server db prepare` as the owner of the tables, and serve under another role.",
    ),
    Check("file", "The file of the database is damaged.", traffic.damaged_file, _RESTORE),
    Check("reference", "Rows point to something that is not there.", traffic.pointing_to_nothing, _RESTORE),
    Check(
        "documentKey",
        "Documents have no key, or one that no key of the node opens.",
        documents.without_key,
        "Put every `kek-….key` that the node ever had back into its key folder; else restore a backup.",
    ),
    Check("document", "Documents are not what was stored.", documents.unreadable, _RESTORE),
    Check(
        "earlierVersion",
        "Earlier versions are not what was stored.",
        documents.earlier_unreadable,
        _RESTORE,
    ),
    Check(
        "erased",
        "Something is left of erased documents.",
        documents.not_wholly_erased,
        "Find out who wrote to the database; a restored backup erases them again.",
    ),
    Check("index", "Records are not in the index as they are.", index.differing, _WRITE),
    Check("indexSurplus", "Something is in the index that is no record.", index.superfluous, _RESTORE),
    Check("logEntry", "Entries of the log were altered.", log.altered_entries, _RESTORE),
    Check(
        "logTree",
        "Order, tree or checkpoints of the log do not fit its entries.",
        log.broken_tree,
        "Keep the database as evidence, tell the partners and the auditor, and restore a backup.",
    ),
    Check(
        "disclosure",
        "Disclosures lack their log entry or differ from their directives.",
        traffic.disclosures_unproved,
        _RESTORE,
    ),
    Check("event", "Events cannot be delivered in order.", traffic.events_undeliverable, _RESTORE),
    Check("task", "Tasks do not open.", traffic.tasks_unreadable, _RESTORE),
    Check(
        "request",
        "Clients have a request that never ended.",
        traffic.keys_without_outcome,
        "Let the client repeat it under a new key.",
    ),
)


def findings(work: Work) -> Iterator[tuple[Check, list[str]]]:
    """Yield each check that found something, and where; a transaction that only reads is enough."""
    for check in CHECKS:
        try:
            places = list(check.find(work))
        except DBAPIError:
            work.conn.rollback()
            yield check, ["the database cannot be read; nothing after this was looked at"]
            return
        if places:
            yield check, places
