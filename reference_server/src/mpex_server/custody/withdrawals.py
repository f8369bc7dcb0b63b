"""A withdrawal goes to every node to which its directive went with a record, and back where it came from."""

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
    others = {_other_side(transfer): transfer.body["purpose"] for transfer in transfers_of(work, directive)}
    for partner in sorted(others.keys() - {but_not}):
        outbox.enqueue(
            work,
            partner=partner,
            event_type="directiveWithdrawn",
            subject=directive,
            purpose=others[partner],
            event={"directive": directive, "purposes": sorted(purposes)},
        )


def transfers_of(work: Work, directive: str, partner: str | None = None) -> list[Document]:
    """Return the transfers with which a directive moved; only those with one partner, if given."""
    found = work.documents.many(links.linked_to(work.conn, directive, CARRIES))
    return [transfer for transfer in found if partner in {None, _other_side(transfer)}]


def _other_side(transfer: Document) -> str:
    return str(transfer.owner or transfer.body["to"])
