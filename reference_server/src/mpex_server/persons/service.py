"""Rules of person records."""

from mpex_server.errors import Fault, Problem
from mpex_server.http.context import Context
from mpex_server.identifications import service as identifications
from mpex_server.records import contributed
from mpex_server.records.resource import Body, Resource, broken_rule
from mpex_server.storage.documents import Document

_ASSERTS_DEATH = "identifications:write"


def _prepare(ctx: Context, body: Body, current: Document | None) -> Body:
    before = current.body.get("fate") if current else None
    fate = body.get("fate", {})
    if fate.get("value") == "deceased" and fate != before:
        _check_death(ctx, body)
    return contributed.prepare(ctx, body, current)


def _check_death(ctx: Context, body: Body) -> None:
    """A death is asserted by an identification first, so that no record passes by its embargo."""
    if _ASSERTS_DEATH not in ctx.principal.actions:
        detail = f"To assert a death the token needs the action {_ASSERTS_DEATH}."
        raise Problem("actionNotAllowed", detail, faults=[Fault("/fate", "asserts a death")])
    if not identifications.is_identified_dead(ctx.conn, body.get("recordId", "")):
        raise broken_rule((("fate",), "needs an identification of the death that names this record"))


PERSONS = Resource(
    kind="person",
    id_member="recordId",
    schema="person-record",
    type_of=lambda body: str(body["type"]),
    status_of=lambda body: str(body["status"]),
    prepare=_prepare,
    references=contributed.references,
    stored=contributed.stored,
)
