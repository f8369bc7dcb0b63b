"""A node that shuts down: its records are offered to another, and the rest is called back and erased."""

from collections.abc import Iterator

from mpex_server.custody import service
from mpex_server.custody.packages import SCHEMAS
from mpex_server.custody.service import TRANSFERS
from mpex_server.disclosures import repository as disclosed
from mpex_server.disclosures.work import Work
from mpex_server.errors import Problem
from mpex_server.kit.ids import new_id
from mpex_server.recalls import recalls
from mpex_server.recalls import service as recall
from mpex_server.received_releases import service as received
from mpex_server.storage.documents import Document

_PAGE = 200


def plan(work: Work) -> dict[str, int]:
    """Return how much of each kind still waits for its end; all zero when the node can be switched off."""
    records = list(_records(work))
    held = [entry for entry in _every(work, received.KIND) if entry.status in _HELD]
    return {
        "records": sum(not service.is_moving(work, record.id) for record in records),
        "records offered to another node": sum(service.is_moving(work, record.id) for record in records),
        "releases of partners held here": len(held),
        "recalls without every receipt": sum(1 for _ in _every(work, recalls.KIND, status=recalls.OPEN)),
    }


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
    """Erase every record that is not on its way, called back, and what partners released."""
    gone = [record for record in _records(work) if not service.is_moving(work, record.id)]
    for record in gone:
        recall.call_back(work, record.id, disclosed.of_records(work.conn, [record.id]), cause="erasure")
        work.documents.erase(record.id)
    held = [entry for entry in _every(work, received.KIND) if entry.status in _HELD]
    for document in held:
        received.shred(work, document, received.ERASED, actor=work.settings.node_id)
    return len(gone) + len(held)


_HELD = frozenset({received.ACTIVE, received.RESTRICTED})


def _records(work: Work) -> Iterator[Document]:
    for kind in SCHEMAS:
        yield from _every(work, kind)


def _every(work: Work, kind: str, **columns: str) -> Iterator[Document]:
    after = None
    while page := work.documents.listing(kind, limit=_PAGE, after=after, **columns):
        yield from page
        after = page[-1].position
