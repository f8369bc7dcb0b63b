"""Import of person records in batches: every item has its own outcome, and a repetition changes nothing.

An item is known by its identity in the file of origin, from which the identifier of its record is derived:
only a keyed digest of it exists here, and it outlives the erasure of the record (IMP-004). What staff made of
a record stays: an item that changed at its origin replaces what came by import before, and nothing else
(IMP-003).
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from operator import attrgetter
from typing import Any

import orjson
from jsonschema_rs import Draft202012Validator

from mpex_server.errors import Fault, Problem
from mpex_server.http import spec, validation
from mpex_server.http.context import Context
from mpex_server.kit import aead, strict_json
from mpex_server.kit.ids import derived_id
from mpex_server.persons.service import IMPORTED, PERSONS
from mpex_server.records import contributed
from mpex_server.records import repository as rows
from mpex_server.records import service as records
from mpex_server.records.batches import parts_without_repetition
from mpex_server.records.resource import Body, Reference, broken_rule
from mpex_server.storage.documents import Document

_CODE = "imported"
_OTHER = Fault("/record/recordId", "is given by the node in an import; leave it out")
_GONE = Fault("/source", "is that of a record which was erased here, or given to another custodian")
_STALE = "is before that of what it would replace; a newer state of the origin is here"
_OF_STAFF = "is that of a contribution which did not come by import; leave it out"
_NOT_HELD = "names nothing that this node holds"


@dataclass(slots=True)
class _Item:
    """One item on its way; `outcome` is None until it is decided."""

    record_id: str
    body: Body
    outcome: str | None = None
    faults: list[Fault] = field(default_factory=list)

    def reject(self, *faults: Fault) -> None:
        self.outcome, self.faults = "rejected", list(faults)

    @property
    def mark(self) -> Body:
        """What is remembered of this item beside the record: its digest, and its contributions."""
        digest = hashlib.sha256(orjson.dumps(self.body, option=orjson.OPT_SORT_KEYS)).hexdigest()
        return {"digest": digest, "contributions": [c["contributionId"] for c in self.body["contributions"]]}

    def report(self) -> dict[str, Any]:
        """Return the member of `outcomes` for this item."""
        if self.outcome != "rejected":
            return {"outcome": self.outcome, "recordId": self.record_id}
        errors = [{"pointer": fault.pointer, "detail": fault.detail} for fault in self.faults]
        return {"outcome": self.outcome, "errors": errors}


def import_batch(ctx: Context) -> Body:
    """Store a batch in this transaction and return its outcomes, in order; raises Problem for the whole."""
    directive = ctx.body.get("directive")
    records.require(ctx, [Reference(("directive",), "directive", directive)] if directive else [])
    items = [_item(ctx, given, directive) for given in ctx.body["items"]]
    _check_references(ctx, items)
    for part in parts_without_repetition(
        (item for item in items if item.outcome is None), by=attrgetter("record_id")
    ):
        _store(ctx, part)
    changed = [item.record_id for item in items if item.outcome in {"created", "updated"}]
    ctx.audit("write", candidates=changed)
    return {"outcomes": [item.report() for item in items]}


def _item(ctx: Context, given: Body, directive: str | None) -> _Item:
    source = given["source"]
    digest = aead.mac(ctx.keys.secret("identifiers"), "import", PERSONS.kind, source["system"], source["id"])
    item = _Item(derived_id(PERSONS.kind, digest), PERSONS.own_members(given["record"]))
    try:
        validation.check(_validator(), given["record"])
    except Problem as problem:
        item.reject(*_below_record(problem))
        return item
    if item.body.pop(PERSONS.id_member, item.record_id) != item.record_id:
        item.reject(_OTHER)
    contributions = enumerate(item.body["contributions"])
    item.body["contributions"] = [_named(each, digest, n, directive) for n, each in contributions]
    return item


def _named(contribution: Body, digest: bytes, number: int, directive: str | None) -> Body:
    # The same place in the same item is the same contribution, in each repetition.
    identifier = derived_id("contribution", hashlib.sha256(digest + number.to_bytes(4)).digest())
    shared = {"directive": directive} if directive else {}
    return {"contributionId": identifier} | shared | contribution


def _check_references(ctx: Context, items: list[_Item]) -> None:
    references = {id(item): list(PERSONS.references(item.body)) for item in items if item.outcome is None}
    known = rows.existing(ctx.conn, (ref.target for named in references.values() for ref in named))
    for item in items:
        missing = [ref for ref in references.get(id(item), ()) if ref.target not in known]
        if missing:
            item.reject(*(Fault(f"/record{strict_json.pointer(ref.path)}", _NOT_HELD) for ref in missing))


def _store(ctx: Context, items: list[_Item]) -> None:
    wanted = [item.record_id for item in items]
    held = {document.id: document for document in ctx.documents.many(wanted, to_change=True)}
    new = list[Body]()
    for item in items:
        try:
            current = held.get(item.record_id)
            if current is None:
                new.append(_prepared(ctx, item))
            else:
                _bring_up_to_date(ctx, item, current)
        except Problem as problem:
            item.reject(*_below_record(problem))
    contributed.stored_first(ctx, records.add_many(ctx, PERSONS, new))


def _prepared(ctx: Context, item: _Item) -> Body:
    body = PERSONS.prepare(ctx, {PERSONS.id_member: item.record_id} | item.body, None)
    item.outcome = "created"
    return body | {IMPORTED: item.mark}


def _bring_up_to_date(ctx: Context, item: _Item, current: Document) -> None:
    if current.erased_at is not None:
        item.reject(_GONE)
    elif _same(current, item):
        item.outcome = "unchanged"
    else:
        _advance(ctx, item, current)
        item.outcome = "updated"


def _same(current: Document, item: _Item) -> bool:
    return bool(current.body.get(IMPORTED, {}).get("digest") == item.mark["digest"])


def _advance(ctx: Context, item: _Item, current: Document) -> None:
    """Store what changed at the origin; what staff decided about the record since then stays as it is."""
    if foreign := _foreign(item.body["contributions"], current.body):
        raise broken_rule(*((("contributions", n, "contributionId"), _OF_STAFF) for n in foreign))
    if outdated := _outdated(item.body["contributions"], current.body):
        raise broken_rule(*((("contributions", n, "assertedAt"), _STALE) for n in outdated))
    contributions = _merged(item.body["contributions"], current.body)
    nameless = not any("names" in entry["sections"] for entry in contributions)
    body = PERSONS.own_members(current.body) | {"contributions": contributions, "changeCode": _CODE}
    body |= {"nameUnknown": True} if nameless else {}
    validation.check(_validator(), body)
    prepared = PERSONS.prepare(ctx, body, current)
    document = records.advance(ctx, PERSONS, current, prepared | {IMPORTED: item.mark})
    if _is_forgotten(item.body["contributions"]):
        ctx.documents.earlier.forget(document.id)


def _is_forgotten(imported: list[Body]) -> bool:
    """Tell whether the origin says nothing more of the person: its file has expired (IMP-006)."""
    return all(name.startswith("x-") for entry in imported for name in entry["sections"])


def _merged(imported: list[Body], body: Body) -> list[Body]:
    """Return the contributions of the next version; one that was imported and removed here stays away."""
    before = set(body.get(IMPORTED, {}).get("contributions", ()))
    here = {entry["contributionId"] for entry in body["contributions"]}
    fresh = [each for each in imported if (name := each["contributionId"]) in here or name not in before]
    return _others(body, before | {entry["contributionId"] for entry in fresh}) + fresh


def _foreign(imported: list[Body], body: Body) -> list[int]:
    """Return the numbers of imported contributions that bear the name of one that staff or a partner gave."""
    before = set(body.get(IMPORTED, {}).get("contributions", ()))
    others = {entry["contributionId"] for entry in body["contributions"]} - before
    return [n for n, each in enumerate(imported) if each["contributionId"] in others]


def _outdated(imported: list[Body], body: Body) -> list[int]:
    """Return the numbers of imported contributions that are older than what they would replace (IMP-005)."""
    here = {entry["contributionId"]: entry["assertedAt"] for entry in body["contributions"]}
    pairs = ((n, each["assertedAt"], here.get(each["contributionId"])) for n, each in enumerate(imported))
    return [n for n, now, before in pairs if before is not None and now < before]


def _others(body: Body, imported: set[str]) -> list[Body]:
    return [entry for entry in body["contributions"] if entry["contributionId"] not in imported]


def _below_record(problem: Problem) -> Iterator[Fault]:
    for fault in problem.faults:
        yield Fault(f"/record{fault.pointer}", fault.detail)


@lru_cache(maxsize=1)
def _validator() -> Draft202012Validator:
    return spec.schema_validator(PERSONS.schema)
