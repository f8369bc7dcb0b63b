"""What stays where a record was: whether it may come back, and where it is for those who ask for it here."""

from mpex_server.disclosures.work import Work
from mpex_server.storage import links
from mpex_server.storage.documents import Document

MOVES = "moves"
"""Relation from a transfer to its record, whether that is here or not."""
_REQUEST = "request"


def transfers_of(work: Work, record: str) -> list[Document]:
    """Return the transfers of a record, of both directions."""
    return work.documents.many(links.linked_to(work.conn, record, MOVES))


def is_free(work: Work, record: str) -> bool:
    """Tell whether a record may come here: it never was here, or it went from here by a transfer (CUST-014).

    What was erased here does not come back.
    """
    document = work.documents.get(record)
    if document is None:
        return True
    transfers = transfers_of(work, record)
    last = last_completed(transfers)
    states = {transfer.status for transfer in transfers if transfer.owner is not None}
    went = "refused" in states if last is None else last.owner is None
    return document.erased_at is not None and went and "taken" not in states


def reserve(work: Work, record: str, *, kind: str) -> None:
    """Keep the identifier of a record free for it until the old custodian has confirmed."""
    if work.documents.get(record) is None:
        work.documents.create(record, {}, kind=kind, type=kind, status="reserved")
        work.documents.erase(record)


def custodian_of(work: Work, record: str) -> str | None:
    """Return the node that took a record over from this one; None while it is here, or never was."""
    last = given_up(work, record)
    return None if last is None else str(last.body["to"])


def given_up(work: Work, record: str) -> Document | None:
    """Return the transfer by which a record went from here; None while it is here, or never was."""
    document = work.documents.get(record)
    if document is None or document.erased_at is None:
        return None
    last = last_completed(transfers_of(work, record))
    return last if last is not None and last.owner is None else None


def name_custodian(work: Work, record: str, custodian: str | None) -> None:
    """Say in every search request for a record where it is now; None when it is here again (CUST-013)."""
    for request in work.documents.many(links.linked_to(work.conn, record, "person")):
        if request.kind != _REQUEST or request.erased_at is not None:
            continue
        body = {name: value for name, value in request.body.items() if name != "movedTo"}
        body |= {} if custodian is None else {"movedTo": custodian}
        work.documents.replace(
            request, body, reason="custodianChanged", actor=custodian or work.settings.node_id
        )


def last_completed(transfers: list[Document]) -> Document | None:
    """Return the transfer after which a record is where it is now; None when none was completed."""
    completed = [transfer for transfer in transfers if transfer.status == "completed"]
    return max(completed, key=lambda transfer: (transfer.updated_at, transfer.id), default=None)
