"""Rules of identifications (design 02 principle 11, design 03 special rules).

A death is under embargo until a notification is recorded or the identification is revoked: searches, releases
and access reports of this node treat its records as if they were not there (CASE-002).
"""

from collections.abc import Iterator

from sqlalchemy import Connection

from mpex_server.errors import Fault, Problem
from mpex_server.http.context import Context
from mpex_server.identifications import repository
from mpex_server.records import service as records
from mpex_server.records.resource import Body, Reference, Resource, broken_rule
from mpex_server.remains import identities
from mpex_server.storage.documents import Document

_NEXT = {
    None: {"preliminary", "confirmed"},
    "preliminary": {"preliminary", "confirmed", "revoked"},
    "confirmed": {"confirmed", "revoked"},
    "revoked": set[str](),
}


def embargoed_records(conn: Connection) -> set[str]:
    """Return the persons and remains units of which nothing may be told yet."""
    return repository.embargoed_records(conn)


def is_embargoed(conn: Connection, record_id: str) -> bool:
    """Tell whether nothing may be told of this record yet."""
    return repository.is_embargoed(conn, record_id)


def is_identified_dead(conn: Connection, record_id: str) -> bool:
    """Tell whether an identification that was not revoked says that the person of this record is dead."""
    return repository.is_identified_dead(conn, record_id)


def notify(ctx: Context, identification_id: str) -> Document:
    """Record that the family was told, which lifts the embargo; 409 when nothing is under embargo."""
    current = records.find(ctx, IDENTIFICATIONS, identification_id)
    if not current.body["embargoed"]:
        raise Problem("conflict", "There is no embargo: no death that the family is still to be told of.")
    if ctx.body["at"] > ctx.now_text():
        raise Problem("ruleViolation", faults=[Fault("/at", "lies in the future; record it afterwards")])
    body = current.body | {"notification": ctx.body, "embargoed": False}
    return records.store_next(ctx, IDENTIFICATIONS, current, body)


def _prepare(ctx: Context, body: Body, current: Document | None) -> Body:
    before = current.body if current else {}
    if body["state"] not in _NEXT[before.get("state")]:
        raise broken_rule((("state",), "does not follow from the present state; revoked is final"))
    if body["conclusion"] != before.get("conclusion", body["conclusion"]):
        raise broken_rule((("conclusion",), "may not change; revoke this identification and make a new one"))
    if not (body.get("persons") or body.get("remains")):
        raise broken_rule((("persons",), "name at least one person record or remains unit of this node"))
    _check_units(ctx, body, current)
    told = {name: before[name] for name in ("notification",) if name in before}
    untold = body["conclusion"] == "deceased" and body["state"] != "revoked" and not told
    return body | told | {"embargoed": untold}


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
    event="identification",
)
