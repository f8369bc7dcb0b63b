"""Rules of identifications (design 02 principle 11, design 03 special rules).

A death is under embargo until a notification is recorded, a named officer lifts it, or the identification is
revoked. Until then only those who may read identifications can know of it (CASE-002).
"""

from collections.abc import Iterator
from typing import Any

from mpex_spec import codelist

from mpex_server.errors import Fault, Problem
from mpex_server.http.context import Context
from mpex_server.identifications import joint, outcome, repository
from mpex_server.records import service as records
from mpex_server.records.resource import Body, Reference, Resource, broken_rule
from mpex_server.remains import identities
from mpex_server.storage.documents import Document

ASSERTS_DEATH = "deaths:assert"
_ENDS_EMBARGO = ("notification", "lift")
_INSUFFICIENT = frozenset(
    code for code, row in codelist("identificationMethods").items() if row["rank"] == "insufficient"
)
_NEXT = {
    None: {"preliminary", "confirmed"},
    "preliminary": {"preliminary", "confirmed", "revoked"},
    "confirmed": {"confirmed", "revoked"},
    "revoked": set[str](),
}


def require_right(ctx: Context, pointer: str) -> None:
    """Refuse whoever may not assert, confirm or take back a death (CASE-005)."""
    if ASSERTS_DEATH not in ctx.principal.actions:
        detail = f"To assert a death, or to take it back, the token needs the action {ASSERTS_DEATH}."
        raise Problem("actionNotAllowed", detail, faults=[Fault(pointer, "says whether somebody is dead")])


def notify(ctx: Context, identification_id: str) -> Document:
    """Record that the family was told, which ends the embargo; 409 when nothing is under embargo."""
    if ctx.body["at"] > ctx.now_text():
        raise Problem("ruleViolation", faults=[Fault("/at", "lies in the future; record it afterwards")])
    return _end(ctx, identification_id, {"notification": ctx.body})


def lift(ctx: Context, identification_id: str) -> Document:
    """End an embargo by the word of a named officer; 409 when nothing is under embargo (CASE-008)."""
    return _end(ctx, identification_id, {"lift": ctx.body | {"at": ctx.now_text()}})


def _end(ctx: Context, identification_id: str, by: dict[str, Any]) -> Document:
    current = records.find(ctx, IDENTIFICATIONS, identification_id)
    if not current.body["embargoed"]:
        raise Problem("conflict", "There is no embargo: no death that the family is still to be told of.")
    body = current.body | by | {"embargoed": False}
    return records.store_next(ctx, IDENTIFICATIONS, current, body)


def _prepare(ctx: Context, body: Body, current: Document | None) -> Body:
    before = current.body if current else {}
    if body["conclusion"] == repository.DEATH:
        require_right(ctx, "/conclusion")
    if not _rests_on_more_than_sight(body["methods"]):
        raise broken_rule((("methods",), "name nothing but visual recognition, which is never enough alone"))
    if body["state"] not in _NEXT[before.get("state")]:
        raise broken_rule((("state",), "does not follow from the present state; revoked is final"))
    if body["conclusion"] != before.get("conclusion", body["conclusion"]):
        raise broken_rule((("conclusion",), "may not change; revoke this identification and make a new one"))
    if not (body.get("persons") or body.get("remains")):
        raise broken_rule((("persons",), "name at least one person record or remains unit of this node"))
    _check_units(ctx, body, current)
    told = {name: before[name] for name in _ENDS_EMBARGO if name in before}
    untold = body["conclusion"] == repository.DEATH and body["state"] != repository.REVOKED and not told
    return body | told | joint.shown(before, body["state"]) | {"embargoed": untold}


def _rests_on_more_than_sight(methods: list[str]) -> bool:
    """Tell whether a method is among them that can carry a decision (CASE-026)."""
    return any(method not in _INSUFFICIENT for method in methods)


def _check_units(ctx: Context, body: Body, current: Document | None) -> None:
    """Refuse to confirm that a unit of one individual is of two (REM-005), and units that another took up."""
    own, before = (current.id, current.body) if current else ("", {})
    merged = list(identities.merged_units(ctx.conn, body, before))
    if merged:
        raise broken_rule(
            *((("remains", place), "was merged; name the unit that took it up") for place in merged)
        )
    places = list(identities.contradicted_units(ctx.conn, ctx.documents, own, body))
    if places:
        text = "is confirmed to be of somebody else; revoke that, or record the unit as commingled"
        raise broken_rule(*((("remains", place), text) for place in places))


def _stored(ctx: Context, document: Document) -> None:
    before = ctx.documents.earlier.body(document.id, document.version - 1) or {}
    if _may_be_told(document, before):
        outcome.settle(ctx, document, before)
    joint.tell(ctx, document, before, actor=ctx.principal.client_id)


def _may_be_told(document: Document, before: Body) -> bool:
    """Tell whether there is something that may be told; what was never told is not taken back either."""
    taken_back_untold = document.body["state"] == repository.REVOKED and before.get("embargoed", False)
    return not (document.body["embargoed"] or taken_back_untold)


def _references(body: Body) -> Iterator[Reference]:
    for member in ("persons", "remains"):
        for number, target in enumerate(body.get(member, ())):
            yield Reference((member, number), "identifies", target)
    for number, target in enumerate(body.get("receivedReleases", ())):
        yield Reference(("receivedReleases", number), "reliesOn", target)


IDENTIFICATIONS = Resource(
    kind="identification",
    id_member="identificationId",
    schema="identification",
    type_of=lambda body: str(body["conclusion"]),
    status_of=lambda body: repository.EMBARGOED if body["embargoed"] else str(body["state"]),
    prepare=_prepare,
    references=_references,
    stored=_stored,
    event="identification",
)
