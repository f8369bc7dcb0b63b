"""A node that shuts down: its records are offered to another, and the rest is called back and erased."""

from collections.abc import Iterator
from dataclasses import dataclass

from mpex_server.custody import counts, service
from mpex_server.custody.collected import OFFERED
from mpex_server.custody.packages import SCHEMAS
from mpex_server.custody.service import TRANSFERS
from mpex_server.disclosures import repository as disclosed
from mpex_server.disclosures.work import Work
from mpex_server.erasures import repository as erasures
from mpex_server.errors import Problem
from mpex_server.identifications.repository import is_embargoed
from mpex_server.kit.ids import new_id
from mpex_server.recalls import recalls
from mpex_server.recalls import service as recall
from mpex_server.received_releases import service as received
from mpex_server.release_requests import requests
from mpex_server.release_requests import service as release_requests
from mpex_server.storage.documents import Document
from mpex_server.tasks import repository as tasks

_PAGE = 200
_HELD = frozenset({received.ACTIVE, received.RESTRICTED})
_COUNTED = frozenset({*SCHEMAS, received.KIND, recalls.KIND})


@dataclass(frozen=True, slots=True)
class Plan:
    """What still waits for its end, and what ends with the node: names with how much there is of each."""

    open: dict[str, int]
    lost: dict[str, int]

    @property
    def done(self) -> bool:
        """Tell whether the node can be switched off."""
        return not any(self.open.values())


def plan(work: Work) -> Plan:
    """Return everything that is left to do, and everything else that the node holds."""
    conn, records = work.conn, list(_records(work))
    moving = sum(service.is_moving(work, record.id) for record in records)
    kept = counts.held(conn)
    return Plan(
        {
            "records": len(records) - moving,
            "records offered to another node": moving,
            "records that partners offer": counts.in_states(
                conn, TRANSFERS.kind, {OFFERED, service.TAKEN}, of_partners=True
            ),
            "releases of partners held here": counts.in_states(conn, received.KIND, _HELD),
            "release requests of partners without an answer": counts.in_states(
                conn, requests.KIND, requests.UNDECIDED
            ),
            "assistance requests without an end": counts.in_states(conn, "assistance", {"sent", "accepted"}),
            "erasures that wait": counts.in_states(conn, erasures.KIND, {erasures.WAITING}),
            "recalls without every receipt": counts.in_states(conn, recalls.KIND, {recalls.OPEN}),
            "events that no partner has taken": counts.undelivered_events(conn),
            "tasks": counts.open_tasks(conn),
        },
        {kind: count for kind, count in kept.items() if kind not in _COUNTED},
    )


def offer_all(work: Work, *, to: str, purpose: str, legal_basis: str) -> tuple[int, list[str]]:
    """Offer every record to one node; return how many were offered, and the records that could not be."""
    offered, kept = 0, list[str]()
    for record in [entry for entry in _records(work) if not service.is_moving(work, entry.id)]:
        body = {"record": record.id, "to": to, "purpose": purpose, "legalBasis": legal_basis}
        try:
            checked = service.checked(
                work, {"transferId": new_id(TRANSFERS.kind)} | body, by=work.settings.node_id
            )
        except Problem:
            kept.append(record.id)
            continue
        transfer = work.documents.create(
            checked["transferId"],
            checked,
            kind=TRANSFERS.kind,
            type=TRANSFERS.type_of(checked),
            status=TRANSFERS.status_of(checked),
        )
        service.announce(work, transfer)
        offered += 1
    return offered, kept


def erase_rest(work: Work) -> int:
    """Erase every record that is not on its way, called back, and what partners released.

    A death of which the family was not told keeps its record, as it does with any erasure (ERA-010).
    """
    gone = [record for record in _records(work) if _may_go(work, record)]
    for record in gone:
        recall.call_back(work, record.id, disclosed.of_records(work.conn, [record.id]), cause="erasure")
        release_requests.end_on(work, record.id, reason="erasure", actor=work.settings.node_id)
        tasks.close_all(work.conn, record.id)
        work.documents.erase(record.id)
    held = [entry for entry in _every(work, received.KIND) if entry.status in _HELD]
    for document in held:
        received.shred(work, document, received.ERASED, actor=work.settings.node_id)
    return len(gone) + len(held)


def _may_go(work: Work, record: Document) -> bool:
    return not service.is_moving(work, record.id) and not is_embargoed(work.conn, record.id)


def _records(work: Work) -> Iterator[Document]:
    for kind in SCHEMAS:
        yield from _every(work, kind)


def _every(work: Work, kind: str, **columns: str) -> Iterator[Document]:
    after = None
    while page := work.documents.listing(kind, limit=_PAGE, after=after, **columns):
        yield from page
        after = page[-1].position
