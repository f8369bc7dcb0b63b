"""What lessens a directive goes to every node to which it went with a record, and back where it came from."""

from typing import Any

from mpex_server.disclosures.work import Work
from mpex_server.recalls import outbox
from mpex_server.storage import links
from mpex_server.storage.documents import Document

CARRIES = "carries"
"""Relation from a transfer to the directives that moved with its record."""


def pass_on(work: Work, directive: str, purposes: frozenset[str], *, but_not: str) -> None:
    """Tell the other side of every transfer that a directive is withdrawn (CUST-010).

    The side that told this node of it, `but_not`, knows.
    """
    _tell(work, directive, "directiveWithdrawn", {"purposes": sorted(purposes)}, but_not=but_not)


def pass_on_freezing(work: Work, directive: str, at: str, *, but_not: str) -> None:
    """Tell the same sides that whoever gave a directive has died (CUST-016)."""
    _tell(work, directive, "directiveFrozen", {"at": at}, but_not=but_not)


def _tell(work: Work, directive: str, event_type: str, event: dict[str, Any], *, but_not: str) -> None:
    others = {_other_side(transfer): transfer.body["purpose"] for transfer in transfers_of(work, directive)}
    for partner in sorted(others.keys() - {but_not}):
        outbox.enqueue(
            work,
            partner=partner,
            event_type=event_type,
            subject=directive,
            purpose=others[partner],
            event={"directive": directive} | event,
        )


def transfers_of(work: Work, directive: str, partner: str | None = None) -> list[Document]:
    """Return the transfers with which a directive moved; only those with one partner, if given."""
    found = work.documents.many(links.linked_to(work.conn, directive, CARRIES))
    return [transfer for transfer in found if partner in {None, _other_side(transfer)}]


def _other_side(transfer: Document) -> str:
    return str(transfer.owner or transfer.body["to"])
