"""What a partner collected of an offered record: it has it from then on, whatever it answers (CUST-031).

So it is on the list of recipients like a release, under the identifier of the transfer.
"""

from mpex_server.custody.packages import Made, Terms
from mpex_server.disclosures import repository as disclosed
from mpex_server.disclosures.repository import Disclosure
from mpex_server.disclosures.work import Work
from mpex_server.domain.consent import Decision
from mpex_server.domain.recall import TRANSFER, TRANSFERRED
from mpex_server.kit.clock import instant
from mpex_server.storage.documents import Document

OFFERED, REFUSED = "offered", "refused"


def enter(work: Work, record: Document, terms: Terms, made: Made, decided: Decision, leaf: str) -> None:
    """Enter a collection in the list of recipients; `leaf` is its audit entry."""
    disclosed.add(
        work.conn,
        kind=TRANSFER,
        record=record.id,
        directives=decided.directives,
        partner=terms.partner,
        purpose=terms.purpose,
        categories={part.category for part in made.parts},
        parts=made.parts,
        reference=terms.transfer,
        at=instant(work.now()),
        leaf=leaf,
    )


def of(work: Work, transfer: Document) -> list[Disclosure]:
    """Return what was collected of an offer of this node."""
    return disclosed.under_reference(work.conn, transfer.body["to"], transfer.id)


def take_over(work: Work, transfer: Document) -> None:
    """Record that the partner keeps the record now: nothing of it is called back any more."""
    disclosed.settle(work.conn, transfer.body["to"], transfer.id, TRANSFERRED)


def end_offer(work: Work, entry: Disclosure) -> None:
    """End the offer of which this node calls back what was collected (CUST-033)."""
    if entry.kind != TRANSFER:
        return
    for transfer in work.documents.many([entry.reference], to_change=True):
        if transfer.status == OFFERED:
            body = transfer.body | {"state": REFUSED}
            actor = work.settings.node_id
            work.documents.replace(transfer, body, reason="recall", actor=actor, status=REFUSED)
