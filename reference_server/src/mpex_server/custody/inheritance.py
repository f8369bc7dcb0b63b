"""What a new custodian answers for: what was disclosed before it, and what is withdrawn elsewhere."""

from collections.abc import Iterator, Sequence
from typing import Any

from mpex_server.custody import withdrawals
from mpex_server.directives import succession
from mpex_server.disclosures import repository as disclosed
from mpex_server.disclosures.decision import DIRECTIVE, directive_documents
from mpex_server.disclosures.work import Work
from mpex_server.domain.recall import ERASED
from mpex_server.events.taken import Taken
from mpex_server.events.tokens import early
from mpex_server.kit.clock import instant
from mpex_server.oauth import lost
from mpex_server.recalls import causes
from mpex_server.recalls import service as recalls
from mpex_server.storage.documents import Document

_AT_ONCE = 500
Json = dict[str, Any]


def recipients(work: Work, record: str, *, but_not: str) -> Iterator[list[Json]]:
    """Yield, in parts, who holds releases of a record; at least one part, which may be empty (CUST-006)."""
    listed = [
        {
            "partner": entry.partner,
            "release": entry.reference,
            "purpose": entry.purpose,
            "categories": list(entry.categories),
            "directives": list(entry.directives),
            "at": entry.at,
            "state": entry.state,
        }
        for entry in disclosed.of_records(work.conn, [record])
        if entry.kind == "release" and entry.partner != but_not and entry.state != ERASED
    ]
    yield listed[:_AT_ONCE]
    for start in range(_AT_ONCE, len(listed), _AT_ONCE):
        yield listed[start : start + _AT_ONCE]


def take_recipients(work: Work, record_id: str, given: Sequence[Json], leaf: str, *, actor: str) -> None:
    """Enter what the former custodian disclosed, and recall what was withdrawn or denied here meanwhile."""
    for entry in given:
        _enter(work, record_id, entry, leaf)
    holders = (entry["partner"] for entry in given)
    for partner in lost.distrusted(work.conn, holders, now=instant(work.now())):
        causes.lose_trust(work, partner)
    record = work.documents.get(record_id)
    if record is None or record.erased_at is not None:
        gone = disclosed.of_records(work.conn, [record_id])
        recalls.call_back(work, record_id, gone, cause="erasure")
        return
    for directive in directive_documents(work.documents, record.body):
        for withdrawal in directive.body.get("withdrawals", ()):
            causes.recall_under(work, directive.id, frozenset(withdrawal.get("purposes", ())))
    causes.reconsider(work, record, actor=actor)


def take_withdrawal(work: Work, taken: Taken, _leaf: str, _purpose: str) -> None:
    """Withdraw what the other side of a transfer says was withdrawn there (CUST-011).

    Only those two nodes are heard: who gave or took the directive with a record. Before the record is in use
    there is nothing to withdraw yet, and the sender repeats it.
    """
    directive = _moved_with(work, taken)
    if directive is not None and not _withdrawn(directive, taken.event["purposes"]):
        purposes = {"purposes": taken.event["purposes"]} if taken.event["purposes"] else {}
        causes.withdraw(work, directive, purposes, actor=taken.partner)


def take_freezing(work: Work, taken: Taken, _leaf: str, _purpose: str) -> None:
    """Freeze what the other side of a transfer says was frozen there (CUST-017), as with a withdrawal."""
    directive = _moved_with(work, taken)
    if directive is not None:
        succession.take_death(work, directive, taken.event["at"], actor=taken.partner)


def _moved_with(work: Work, taken: Taken) -> Document | None:
    """Return the directive that an event is about when it moved between its sender and this node."""
    transfers = withdrawals.transfers_of(work, taken.event["directive"], taken.partner)
    directive = work.documents.get(taken.event["directive"], DIRECTIVE)
    if directive is None and any(transfer.status == "taken" for transfer in transfers):
        raise early("The record that the directive belongs to is not in use here yet.")
    return directive if transfers else None


def _withdrawn(directive: Document, purposes: list[str]) -> bool:
    """Tell whether a directive has been withdrawn as far before, so that nothing goes in a circle."""
    before = [entry.get("purposes") for entry in directive.body.get("withdrawals", ())]
    named = {purpose for scope in before for purpose in scope or ()}
    return None in before or (bool(purposes) and named.issuperset(purposes))


def _enter(work: Work, record: str, entry: Json, leaf: str) -> None:
    known = disclosed.under_reference(work.conn, entry["partner"], entry["release"])
    if entry["partner"] == work.settings.node_id or any(other.record == record for other in known):
        return
    given = {name: value for name, value in entry.items() if name != "release"}
    disclosed.add(work.conn, kind="release", record=record, reference=entry["release"], leaf=leaf, **given)
