"""Disputes: the mark on a record travels to whoever holds data of it, and is taken off again (CASE-023)."""

from collections.abc import Mapping
from typing import Any

from mpex_server.disclosures import repository as disclosed
from mpex_server.disclosures.work import Work
from mpex_server.errors import Fault, Problem
from mpex_server.kit.clock import instant
from mpex_server.recalls import outbox, service
from mpex_server.storage.documents import Document
from mpex_server.tasks import repository as tasks

_HELD = frozenset({"active", "marked"})
_MARK = "dispute"
_OUTCOMES = frozenset({"disputeUpheld", "disputeRejected", "disputeWithdrawn"})


def check(body: Mapping[str, Any], before: Mapping[str, Any]) -> None:
    """Refuse to end a dispute, or to replace it by another, without its outcome as a code (CASE-028)."""
    ends = _MARK in before and _opened(body) != _opened(before)
    if ends and body.get("changeCode") not in _OUTCOMES:
        fault = Fault("/changeCode", "is needed: disputeUpheld, disputeRejected or disputeWithdrawn")
        raise Problem("ruleViolation", faults=[fault])


def _opened(body: Mapping[str, Any]) -> tuple[Any, Any] | None:
    """Return which dispute a record bears the mark of: who opened it, and when."""
    dispute = body.get(_MARK)
    return None if dispute is None else (dispute.get("openedBy"), dispute.get("since"))


def follow(work: Work, record: Document) -> None:
    """Tell recipients when the new version of a record bears the mark first, or bears it no more.

    A dispute that takes the place of another is a new task, and the mark stays where it is.
    """
    versions = work.documents.earlier
    before = (versions.body(record.id, record.version - 1) if record.version > 1 else None) or {}
    if _opened(record.body) == _opened(before):
        return
    tasks.close_of(work.conn, record.id, _MARK)
    if _MARK in record.body:
        tasks.add(work, kind=_MARK, subject=record.id)
    if _MARK in record.body and _MARK in before:
        return
    if _MARK in before:
        tell_ended(work, record.id)
    disclosed.unmark(work.conn, record.id)
    if _MARK in record.body:
        entries = disclosed.of_records(work.conn, [record.id])
        service.call_back(work, record.id, entries, cause=_MARK)


def tell_ended(work: Work, record: str) -> None:
    """Tell every recipient that still holds a release of a record that nobody contests it (CASE-024)."""
    for entry in disclosed.of_records(work.conn, [record]):
        if entry.kind == "release" and entry.state in _HELD:
            outbox.enqueue(
                work,
                partner=entry.partner,
                event_type="disputeEnded",
                subject=entry.reference,
                purpose=entry.purpose,
                event={"at": instant(work.now())},
            )
