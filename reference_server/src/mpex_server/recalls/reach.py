"""How far a recall reaches: which parts of each disclosure have lost what they rested on (RECL-023).

An account whose basis remains stays with its recipient: nobody's withdrawal takes away what another person
contributed. What the record itself says stays as long as an account remains that permits its category.
"""

from collections.abc import Callable, Iterable, Mapping, Set
from typing import Any

from sqlalchemy import Connection

from mpex_server.disclosures.decision import decide_record
from mpex_server.disclosures.repository import Disclosure
from mpex_server.disclosures.work import Work
from mpex_server.domain.consent import Decision
from mpex_server.domain.parts import Part
from mpex_server.peers import registry
from mpex_server.recalls.service import Reach
from mpex_server.storage import links
from mpex_server.storage.documents import Document

_DENIALS = frozenset({"denied", "doNotShareWith"})
_Lost = Callable[[Part, Decision], bool]


def withdrawn(work: Work, record_id: str, entries: Iterable[Disclosure], directive: str) -> Reach:
    """Return what loses its basis with a directive: what was told under it, and what it permitted besides."""
    record = work.documents.get(record_id)
    if record is None or record.erased_at is not None:
        return {}
    line = _line_to(work.conn, directive)
    for_all = directive in record.body.get("directives", ())

    def lost(part: Part, decision: Decision) -> bool:
        return part.directive in line or (for_all and not _permitted(decision, part))

    return _reach(work, record, (entry for entry in entries if entry.parts), lost)


def contributed(work: Work, record: Document, entries: Iterable[Disclosure], own: Set[str]) -> Reach:
    """Return what was told under directives of which the contributions are erased."""
    return _reach(work, record, entries, lambda part, _: part.directive in own)


def denied(work: Work, record: Document, entries: Iterable[Disclosure]) -> Reach:
    """Return what is denied to its recipient by now (RECL-009).

    Each account for itself: that another one may still be told does not give back what this one lost.
    """
    return _reach(work, record, entries, _is_denied)


def beyond(work: Work, record_id: str, entries: Iterable[Disclosure]) -> Reach:
    """Return what consent does not permit its recipient, of each account for itself (ONW-014)."""
    record = work.documents.get(record_id)
    if record is None or record.erased_at is not None:
        return {entry.id: None for entry in entries}
    return _reach(work, record, entries, lambda part, decision: not _permitted(decision, part))


def told(body: Mapping[str, Any], entry: Disclosure) -> frozenset[Part]:
    """Return what is still out of a disclosure; where that is not known, what may be by its directives."""
    if entry.parts:
        return entry.out
    return frozenset(
        Part(category, item["contributionId"], item["directive"])
        for item in body["contributions"]
        if item.get("directive") in entry.directives and "contributionId" in item
        for category in entry.categories
    )


def _reach(work: Work, record: Document, entries: Iterable[Disclosure], lost: _Lost) -> Reach:
    return {entry.id: _of_one(work, record, entry, lost) for entry in entries}


def _of_one(work: Work, record: Document, entry: Disclosure, lost: _Lost) -> frozenset[Part] | None:
    """Return the parts that are lost; None for a disclosure of which the parts are not known."""
    decision = decide_record(
        work.documents,
        record,
        registry.recipient(work.conn, entry.partner, entry.purpose),
        purpose=entry.purpose,
        categories=entry.categories,
        at=work.now(),
    )
    out = told(record.body, entry)
    gone = {part for part in out if part.contribution and lost(part, decision)}
    if not gone:
        return frozenset()
    return frozenset(gone | _unsupported(out, gone, decision)) if entry.parts else None


def _unsupported(out: Set[Part], gone: Set[Part], decision: Decision) -> set[Part]:
    """Return the values of the record itself whose category no account that remains permits."""
    left = {part.contribution for part in out - gone if part.contribution}
    return {
        part
        for part in out
        if not part.contribution
        and not any(part.category in decision.permitted_categories(account) for account in left)
    }


def _is_denied(part: Part, decision: Decision) -> bool:
    outcome = decision.per.get((part.contribution, part.category))
    return outcome is not None and not _DENIALS.isdisjoint(outcome.reasons)


def _permitted(decision: Decision, part: Part) -> bool:
    return part.category in decision.permitted_categories(part.contribution)


def _line_to(conn: Connection, directive: str) -> set[str]:
    """Return a directive and those that it follows after the death of who gave them."""
    followed = links.linked_to(conn, directive, "successor")
    return {directive}.union(*(_line_to(conn, name) for name in followed))
