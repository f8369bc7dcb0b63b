"""Registration of member lists: every row gets its own outcome, and the same list again changes nothing.

Rows are known by their name within the group (GRP-003, GRP-004).
"""

from typing import Any

from mpex_server.errors import Fault, Problem
from mpex_server.groups import members
from mpex_server.http import spec, validation
from mpex_server.http.context import Context
from mpex_server.records import repository as rows
from mpex_server.records import service as records
from mpex_server.records.resource import Reference
from mpex_server.storage.documents import Document

_READ_ONLY = ("memberId", "state")
_ERASED = Fault("/row", "was erased; it is not taken again")
_TWICE = Fault("/row", "is that of another row of this list, too")
_REFERENCES = ("record", "directive")
Json = dict[str, Any]


def import_members(ctx: Context, group: Document) -> Json:
    """Store a list in this transaction and return its outcomes, in order; raises Problem for the whole."""
    default = {name: ctx.body[name] for name in ("directive",) if name in ctx.body}
    records.require(ctx, [Reference(("directive",), "directive", target) for target in default.values()])
    given = [default | {k: v for k, v in item.items() if k not in _READ_ONLY} for item in ctx.body["members"]]
    named = {str(item[name]) for item in given for name in _REFERENCES if isinstance(item.get(name), str)}
    known, taken = rows.existing(ctx.conn, named), set[str]()
    outcomes = [_outcome(ctx, group, item, known, taken) for item in given]
    changed = [outcome["memberId"] for outcome in outcomes if outcome["outcome"] in {"created", "updated"}]
    ctx.audit("write", candidates=changed)
    return {"outcomes": outcomes}


def _outcome(ctx: Context, group: Document, item: Json, known: set[str], taken: set[str]) -> Json:
    try:
        validation.check(spec.schema_validator("group-member"), item)
    except Problem as problem:
        return _rejected(*problem.faults)
    missing = [name for name in _REFERENCES if name in item and item[name] not in known]
    if missing:
        return _rejected(*(Fault(f"/{name}", "names nothing that this node holds") for name in missing))
    if item["row"] in taken:
        return _rejected(_TWICE)
    taken.add(item["row"])
    return _stored(ctx, group, item)


def _stored(ctx: Context, group: Document, item: Json) -> Json:
    member_id = members.id_of(ctx.keys, group.id, item["row"])
    member = ctx.documents.get(member_id, members.KIND)
    if member is None:
        members.add(ctx, group.id, member_id, item)
        return {"outcome": "created", "memberId": member_id}
    if member.erased_at is not None:
        return _rejected(_ERASED)
    if member.status == members.REGISTERED and "mention" in item:
        # The row still says what it said before the member had a record.
        return {"outcome": "unchanged", "memberId": member_id}
    changed = members.change(ctx, member, item, actor=ctx.principal.client_id)
    return {"outcome": "updated" if changed else "unchanged", "memberId": member_id}


def _rejected(*faults: Fault) -> Json:
    errors = [{"pointer": fault.pointer, "detail": fault.detail} for fault in faults]
    return {"outcome": "rejected", "errors": errors}
