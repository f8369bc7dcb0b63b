"""Rules of person records."""

from mpex_server.http.context import Context
from mpex_server.identifications import repository
from mpex_server.identifications import service as identifications
from mpex_server.records import contributed
from mpex_server.records.resource import Body, Resource, broken_rule
from mpex_server.storage.documents import Document

IMPORTED = "imported"
"""Member, never shown, that says what came by an import."""


def _prepare(ctx: Context, body: Body, current: Document | None) -> Body:
    before = current.body.get("fate") if current else None
    fate = body.get("fate")
    if fate != before and repository.DEATH in (_value(before), _value(fate)):
        identifications.require_right(ctx, "/fate")
        if _value(fate) == repository.DEATH and not repository.is_told_dead(
            ctx.conn, body.get("recordId", "")
        ):
            text = "needs an identification of the death that names this record and that may be told"
            raise broken_rule((("fate",), text))
    given = {name: value for name, value in body.items() if name not in PERSONS.internal}
    kept = {IMPORTED: current.body[IMPORTED]} if current and IMPORTED in current.body else {}
    return contributed.prepare(ctx, given, current) | kept


def _value(fate: Body | None) -> str | None:
    return fate["value"] if fate else None


PERSONS = Resource(
    kind="person",
    id_member="recordId",
    schema="person-record",
    type_of=lambda body: str(body["type"]),
    status_of=lambda body: str(body["status"]),
    prepare=_prepare,
    references=contributed.references,
    stored=contributed.stored,
    internal=frozenset({IMPORTED}),
)
