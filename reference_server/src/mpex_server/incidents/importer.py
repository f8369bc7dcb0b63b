"""Import of incidents in batches: every item gets its own outcome, and the same batch again changes nothing.

Items are known by their identity in the file of origin (INC-001 to -003). Statements go to the database by
the batch, since an import of a register is thousands of items long.
"""

from dataclasses import dataclass, field
from functools import lru_cache
from operator import attrgetter
from typing import Any

import orjson
from jsonschema_rs import Draft202012Validator

from mpex_server.errors import Fault, Problem
from mpex_server.http import spec, validation
from mpex_server.http.context import Context
from mpex_server.incidents import repository
from mpex_server.incidents.service import INCIDENTS, source_of
from mpex_server.kit.ids import new_id
from mpex_server.records import repository as rows
from mpex_server.records import service as records
from mpex_server.records.batches import parts_without_repetition
from mpex_server.records.resource import Body, Reference
from mpex_server.storage import links
from mpex_server.storage.documents import Document
from mpex_server.storage.links import Source

_NO_SOURCE = Fault("/source", "is required in an import: it tells which incident this is")
_TAKEN = Fault("/incidentId", "is in use, or was used before")
_OTHER = Fault("/incidentId", "differs from that of the incident with this source")
_NO_DIRECTIVE = Fault("/directive", "names nothing that this node holds")


@dataclass(slots=True)
class _Item:
    """One item on its way; `outcome` is None until it is decided."""

    body: Body
    source: Source = ("", "")
    outcome: str | None = None
    incident_id: str | None = None
    faults: list[Fault] = field(default_factory=list)

    def reject(self, *faults: Fault) -> None:
        self.outcome, self.faults = "rejected", list(faults)

    def done(self, outcome: str, incident_id: str) -> None:
        self.outcome, self.incident_id = outcome, incident_id

    def report(self) -> dict[str, Any]:
        """Return the member of `outcomes` for this item."""
        shown: dict[str, Any] = {"outcome": self.outcome}
        if self.incident_id:
            shown["incidentId"] = self.incident_id
        if self.faults:
            shown["errors"] = [{"pointer": fault.pointer, "detail": fault.detail} for fault in self.faults]
        return shown


def import_batch(ctx: Context) -> Body:
    """Store a batch in this transaction and return its outcomes, in order; raises Problem for the whole."""
    default = {name: ctx.body[name] for name in ("directive",) if name in ctx.body}
    records.require(ctx, [Reference(("directive",), "directive", target) for target in default.values()])
    items = [_checked(default, given) for given in ctx.body["incidents"]]
    _check_directives(ctx, items)
    for part in parts_without_repetition(
        (item for item in items if item.outcome is None), by=attrgetter("source")
    ):
        _store(ctx, part)
    changed = [item.incident_id for item in items if item.incident_id and item.outcome != "unchanged"]
    ctx.audit("write", candidates=changed)
    return {"outcomes": [item.report() for item in items]}


def _checked(default: Body, given: Body) -> _Item:
    try:
        validation.check(_validator(), given)
    except Problem as problem:
        item = _Item(given)
        item.reject(*problem.faults)
        return item
    item = _Item(default | INCIDENTS.own_members(given))
    source = source_of(item.body)
    if source is None:
        item.reject(_NO_SOURCE)
    else:
        item.source = source
    return item


def _check_directives(ctx: Context, items: list[_Item]) -> None:
    open_items = [item for item in items if item.outcome is None and "directive" in item.body]
    known = rows.existing(ctx.conn, (item.body["directive"] for item in open_items))
    for item in open_items:
        if item.body["directive"] not in known:
            item.reject(_NO_DIRECTIVE)


def _store(ctx: Context, items: list[_Item]) -> None:
    known = links.known_sources(ctx.conn, ctx.keys, (item.source for item in items))
    stored = ctx.documents.many(list(known.values()), to_change=True)
    current = {document.id: document for document in stored}
    for item in items:
        if item.source in known:
            _bring_up_to_date(ctx, item, current[known[item.source]])
    _add(ctx, [item for item in items if item.source not in known])


def _bring_up_to_date(ctx: Context, item: _Item, current: Document) -> None:
    body = item.body | {"incidentId": current.id}
    if item.body.get("incidentId", current.id) != current.id:
        item.reject(_OTHER)
    elif _canonical(body) == _canonical(current.body):
        item.done("unchanged", current.id)
    else:
        changed = ctx.documents.replace(
            current, body, reason="imported", actor=ctx.principal.client_id, type=INCIDENTS.type_of(body)
        )
        rows.relink(ctx.conn, changed.id, INCIDENTS.references(body))
        item.done("updated", changed.id)


def _add(ctx: Context, items: list[_Item]) -> None:
    minted = [item.body["incidentId"] for item in items if "incidentId" in item.body]
    used = repository.used(ctx.conn, minted)
    for item in items:
        if item.body.get("incidentId") in used:
            item.reject(_TAKEN)
            continue
        identifier = item.body.get("incidentId") or new_id("incident")
        used.add(identifier)
        item.done("created", identifier)
        item.body = {"incidentId": identifier} | item.body
    fresh = {item.source: item for item in items if item.incident_id}
    records.add_many(ctx, INCIDENTS, [item.body for item in fresh.values()])
    links.bind_sources(ctx.conn, ctx.keys, {source: str(item.incident_id) for source, item in fresh.items()})


def _canonical(body: Body) -> bytes:
    return orjson.dumps(body, option=orjson.OPT_SORT_KEYS)


@lru_cache(maxsize=1)
def _validator() -> Draft202012Validator:
    return spec.schema_validator(INCIDENTS.schema)
