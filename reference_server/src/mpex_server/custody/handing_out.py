"""Handing an offered record out: to the node to which it was offered, as far as consent goes (CUST-001)."""

from dataclasses import dataclass
from typing import Any

from mpex_server.custody import collected, packages, service
from mpex_server.custody.collected import OFFERED
from mpex_server.disclosures.decision import usable
from mpex_server.disclosures.work import Work
from mpex_server.domain.consent import Decision
from mpex_server.errors import Problem, not_found
from mpex_server.identifications.repository import is_embargoed
from mpex_server.peers import registry
from mpex_server.storage.documents import Document

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Ready:
    """An offered record that may be handed out, and what of it."""

    transfer: Document
    record: Document
    terms: packages.Terms
    decided: Decision
    made: packages.Made


def ready(work: Work, terms: packages.Terms) -> Ready:
    """Return what a partner may collect, and hold record and consent fast until the transaction ends.

    Raises Problem: `notFound`, or `purposeNotAllowed` for a token of another purpose.
    """
    transfer = _offered(work, terms)
    record = next(iter(work.documents.many([transfer.body["record"]], to_change=True)), None)
    if record is None or not usable(record):
        raise not_found()
    registry.require_to_tell(work.conn, terms.partner, work.now())
    decided = packages.decision(work, record, terms.partner, terms.purpose, to_disclose=True)
    made = packages.package(work, record, terms, decided)
    if made is None or is_embargoed(work.conn, record.id):
        raise not_found()
    if service.needs_two(work, service.moved(record, decided) - frozenset(transfer.body["categories"])):
        # A grave category came to the record after the offer.
        raise not_found()
    return Ready(transfer, record, terms, decided, made)


def hand_out(work: Work, given: Ready, leaf: str) -> Json:
    """Return the package and enter that the partner has it; `leaf` is the audit entry of this."""
    service.change(
        work,
        given.transfer,
        OFFERED,
        actor=given.terms.partner,
        digest=given.made.digest,
        handedOut=service.versions(work, given.record),
        carried=sorted(entry["directiveId"] for entry in given.made.package["directives"]),
        lost=given.made.withheld,
    )
    collected.enter(work, given.record, given.terms, given.made, given.decided, leaf)
    return given.made.package


def _offered(work: Work, terms: packages.Terms) -> Document:
    transfer = work.documents.get(terms.transfer, service.TRANSFERS.kind)
    if transfer is None or not _offered_to(transfer, terms.partner):
        raise not_found()
    if terms.purpose != transfer.body["purpose"]:
        raise Problem("purposeNotAllowed", "The token is for another purpose than the offer.")
    if transfer.status != OFFERED:
        raise not_found()
    return transfer


def _offered_to(transfer: Document, partner: str) -> bool:
    return bool(transfer.body["to"] == partner)
