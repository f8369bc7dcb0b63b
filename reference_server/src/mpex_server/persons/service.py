"""Rules of person records."""

from mpex_server.errors import Fault, Problem
from mpex_server.http.context import Context
from mpex_server.records import candidate_index, contributed
from mpex_server.records.resource import Body, Resource
from mpex_server.storage.documents import Document

_ASSERTS_DEATH = "identifications:write"


def _prepare(ctx: Context, body: Body, current: Document | None) -> Body:
    before = current.body.get("fate") if current else None
    fate = body.get("fate", {})
    if fate.get("value") == "deceased" and fate != before and _ASSERTS_DEATH not in ctx.principal.actions:
        detail = f"To assert a death the token needs the action {_ASSERTS_DEATH}."
        raise Problem("actionNotAllowed", detail, faults=[Fault("/fate", "asserts a death")])
    return contributed.prepare(ctx, body, current)


PERSONS = Resource(
    kind="person",
    id_member="recordId",
    schema="person-record",
    type_of=lambda body: str(body["type"]),
    status_of=lambda body: str(body["status"]),
    prepare=_prepare,
    references=contributed.references,
    stored=candidate_index.update,
)
