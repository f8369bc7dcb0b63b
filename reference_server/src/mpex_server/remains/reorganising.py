"""Splitting and merging of remains units: records divide and join, none disappears (REM-007 to REM-012)."""

from typing import Any

from mpex_server.domain import remains
from mpex_server.errors import Problem, not_found
from mpex_server.http.context import Context
from mpex_server.kit.ids import new_id
from mpex_server.records import service as records
from mpex_server.records.resource import Body, broken_rule
from mpex_server.remains.service import REMAINS, check
from mpex_server.storage.documents import Document

_MOST_CONTRIBUTIONS = 200
_OF_THE_PLACE = frozenset({"incident", "journey", "remainsLocation", "custody"})
"""What holds of a part as of the whole; a build or an age may be that of another individual."""
_INHERITED = (
    "type",
    "legalBasis",
    "controller",
    "governingLaw",
    "contactOffice",
    "synthetic",
    "reviewDue",
    "parentSet",
    "directives",
)
_NUMBERS = ("commingled", "minimumIndividuals", "condition")


def split(ctx: Context, unit_id: str) -> Document:
    """Make units of parts of a unit; return what stays of it, closed when nothing does."""
    source = _open(ctx, unit_id)
    taken = [part for unit in ctx.body["units"] for part in unit["parts"]]
    rest = remains.without(source.body.get("parts", ()), taken)
    if rest is None:
        raise Problem("conflict", "The inventory of the unit does not hold all of these parts.")
    made = [_made(ctx, source, piece).id for piece in ctx.body["units"]]
    body = source.body | _stated(ctx.body) | {"parts": rest, "changeReason": _reason(ctx)}
    body |= {"splitInto": [*source.body.get("splitInto", ()), *made]}
    left = _next(ctx, source, body if rest else body | {"status": "closed"})
    ctx.audit(REMAINS.event, subject=left, candidates=made)
    return left


def merge(ctx: Context, unit_id: str) -> Document:
    """Put the remains of other units together with those of this one; return the result."""
    if unit_id in ctx.body["units"]:
        raise broken_rule((("units", ctx.body["units"].index(unit_id)), "is the unit itself"))
    target = _open(ctx, unit_id)
    others = [_open(ctx, name, ("units", place)) for place, name in enumerate(ctx.body["units"])]
    result = _together(ctx, target, others)
    for other in others:
        _close(ctx, other, unit_id)
    merged = _next(ctx, target, result)
    ctx.audit(REMAINS.event, subject=merged, candidates=[other.id for other in others])
    return merged


def _open(ctx: Context, unit_id: str, place: tuple[str | int, ...] | None = None) -> Document:
    """Return a unit that may be divided or taken up; one that the body names at `place` must be there."""
    unit = ctx.documents.get(unit_id, REMAINS.kind)
    if unit is None or unit.erased_at is not None:
        if place is None:
            raise not_found()
        raise broken_rule((place, "names nothing that this node holds"))
    if "mergedInto" in unit.body:
        raise Problem("conflict", "A unit was merged before; work with the unit that took it up.")
    return unit


def _made(ctx: Context, source: Document, piece: Body) -> Document:
    body = {name: source.body[name] for name in _INHERITED if name in source.body}
    body |= _stated(piece) | {
        "recordId": piece.get("recordId") or new_id(REMAINS.kind),
        "custodian": source.body["custodian"],
        "status": "open",
        "parts": remains.put_together(piece["parts"]),
        "splitFrom": source.id,
        "changeReason": _reason(ctx),
        "contributions": [*_of_the_place(source.body["contributions"]), _separation(ctx)],
    }
    check(ctx, body)
    return records.add(ctx, REMAINS, body)


def _of_the_place(contributions: list[Body]) -> list[Body]:
    """Return what was told of finding, place and custody, each account under its own directive."""
    kept = [
        entry | {"sections": sections}
        for entry in contributions
        if (sections := {name: entry["sections"][name] for name in _OF_THE_PLACE & entry["sections"].keys()})
    ]
    return _renamed(kept)


def _separation(ctx: Context) -> Body:
    """Return the entry of the custody chain with which a part begins; nobody permits to share it."""
    now = ctx.now_text()
    return {
        "contributionId": new_id("contribution"),
        "contributor": "custodian",
        "assertedAt": now,
        "sections": {"custody": {"events": [{"at": now, "event": "separated"}]}},
    }


def _together(ctx: Context, target: Document, others: list[Document]) -> Body:
    bodies = [target.body, *(other.body for other in others)]
    contributions = [
        *target.body["contributions"],
        *_renamed([entry for other in others for entry in other.body["contributions"]]),
    ]
    if len(contributions) > _MOST_CONTRIBUTIONS:
        raise broken_rule((("units",), f"have more than {_MOST_CONTRIBUTIONS} contributions in all"))
    directives = list(dict.fromkeys(name for body in bodies for name in body.get("directives", ())))
    result = target.body | _stated(ctx.body)
    result |= {
        "parts": remains.put_together(*(body.get("parts", ()) for body in bodies)),
        "mergedFrom": [*target.body.get("mergedFrom", ()), *(other.id for other in others)],
        "changeReason": _reason(ctx),
        "contributions": contributions,
    }
    result |= {"directives": directives} if directives else {}
    check(ctx, result, [other.id for other in others])
    return result


def _close(ctx: Context, unit: Document, target: str) -> None:
    """End a unit that was taken up; it is found no more, and its identifications stay."""
    body = {"status": "closed", "mergedInto": target, "changeReason": _reason(ctx)}
    _next(ctx, unit, unit.body | body)


def _next(ctx: Context, unit: Document, body: Body) -> Document:
    return records.advance(ctx, REMAINS, unit, body)


def _renamed(contributions: list[Body]) -> list[Body]:
    return [entry | {"contributionId": new_id("contribution")} for entry in contributions]


def _stated(body: Body) -> dict[str, Any]:
    return {name: body[name] for name in _NUMBERS if name in body}


def _reason(ctx: Context) -> str:
    return str(ctx.body.get("note", ctx.body["reason"]))
