"""Every recipient of what was given under a search request, with time, purpose and categories (CASE-003)."""

from collections.abc import Callable
from typing import Any, NamedTuple

from mpex_server.custody import tombstones
from mpex_server.disclosures import repository as disclosed
from mpex_server.disclosures.repository import Disclosure
from mpex_server.disclosures.work import Work
from mpex_server.domain import parts as rules
from mpex_server.domain.parts import Part
from mpex_server.domain.recall import ERASED, RECALLED
from mpex_server.errors import not_found
from mpex_server.identifications import repository as identifications
from mpex_server.kit.clock import instant
from mpex_server.peers import registry
from mpex_server.recalls import recalls
from mpex_server.storage import links
from mpex_server.storage.documents import Document

Json = dict[str, Any]
_Own = Callable[[Part], bool]
# These tell of a death. They are shown once one was told, and never before: hiding them from the day of an
# identification on would tell of it as well (CASE-002).
_TELLING = frozenset({"notifyFamily", "repatriation"})
NOTE = (
    "The report lists every query and release that this node made of what was given under this "
    "request. A receipt is the signed statement of the recipient; it cannot prove that no copy was kept."
)


class _Receipt(NamedTuple):
    """A receipt, and the parts of what was released that it is about; None for the whole."""

    token: str
    parts: frozenset[tuple[str, str]] | None


def find(work: Work, request_id: str) -> Document:
    """Return a search request; raises Problem `notFound`."""
    request = work.documents.get(request_id, "request")
    if request is None or request.erased_at is not None:
        raise not_found()
    return request


def report(work: Work, request: Document) -> Json:
    """Return the report (access-report.json) with every use, oldest first."""
    person = request.body["person"]
    every = _shown(work, person)
    foreign = _of_others(work, request, every)
    used = [entry for entry in every if not (entry.directives and foreign.issuperset(entry.directives))]
    return _report(
        work, {"searchRequest": request.id}, person, used, lambda part: part.directive not in foreign
    )


def of_erasure(work: Work, erasure: Document) -> Json:
    """Return the report (access-report.json) for who asked for an erasure, before and after it (ERA-008).

    What left stays known without the record: by partner, purpose and categories, and never by value.
    """
    record, own = erasure.body["record"], erasure.body.get("directives")
    every = _shown(work, record)
    used = [entry for entry in every if own is None or not set(own).isdisjoint(entry.directives)]
    return _report(
        work, {"erasure": erasure.id}, record, used, lambda part: own is None or part.directive in own
    )


def _shown(work: Work, record: str) -> list[Disclosure]:
    hidden = frozenset[str]() if identifications.is_told_dead(work.conn, record) else _TELLING
    return [entry for entry in disclosed.of_records(work.conn, [record]) if entry.purpose not in hidden]


def _report(work: Work, basis: Json, record: str, used: list[Disclosure], own: _Own) -> Json:
    """Return the report; of a release that others contributed to as well, it tells what is `own`."""
    receipts = _receipts(work, record)
    partners = {node_id: registry.known(work.conn, node_id) for node_id in {entry.partner for entry in used}}
    moved = tombstones.custodian_of(work, record)
    there = {} if moved is None else {"movedTo": _node(work, moved)}
    return (
        basis
        | there
        | {
            "issuedAt": instant(work.now()),
            "note": NOTE,
            "entries": [
                _entry(
                    entry, partners[entry.partner], receipts.get((entry.partner, entry.reference), []), own
                )
                for entry in used
            ],
        }
    )


def _of_others(work: Work, request: Document, every: list[Disclosure]) -> set[str]:
    """Return the directives of other enquirers only; a disclosure that rests on no other is not shown.

    Nothing depends on which directives their search requests name, or on whether they have any (ENQ-005).
    """
    named = work.documents.many(sorted({name for entry in every for name in entry.directives}))
    return {found.id for found in named if _by_enquirer(found)} - set(request.body.get("directives", ()))


def _by_enquirer(directive: Document) -> bool:
    return bool(directive.body.get("givenBy", {}).get("authority") == "enquirer")


def _entry(entry: Disclosure, partner: Json, receipts: list[_Receipt], own: _Own) -> Json:
    accounts = {part for part in entry.parts if part.contribution and own(part)}
    of_record = {part for part in entry.parts if not part.contribution}
    names = {part.name for part in accounts}
    concerning = [each.token for each in receipts if each.parts is None or not names.isdisjoint(each.parts)]
    gone = bool(accounts) and accounts <= entry.gone
    shown = {
        "at": entry.at,
        "recipientClass": partner.get("recipientClass", "other"),
        "kind": entry.kind,
        "purpose": entry.purpose,
        "categories": sorted({part.category for part in accounts | of_record} or entry.categories),
        "state": (ERASED if concerning else RECALLED) if gone else entry.state,
    }
    if "name" in partner:
        shown["recipient"] = partner["name"]
    return shown | ({"receipt": concerning[-1]} if concerning else {})


def _node(work: Work, node_id: str) -> Json:
    known = registry.known(work.conn, node_id)
    return {"node": node_id} | {name: known[name] for name in ("name",) if name in known}


def _receipts(work: Work, record: str) -> dict[tuple[str, str], list[_Receipt]]:
    found: dict[tuple[str, str], list[_Receipt]] = {}
    for document in work.documents.many(links.linked_to(work.conn, record, recalls.RECORD)):
        for entry in document.body["recipients"] if document.kind == recalls.KIND else ():
            if "receipt" in entry:
                named = rules.names(entry["parts"]) if "parts" in entry else None
                given = _Receipt(entry["receipt"], named)
                found.setdefault((entry["partner"], entry["reference"]), []).append(given)
    return found
