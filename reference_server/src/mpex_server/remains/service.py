"""Rules of remains units."""

from collections.abc import Iterator

from mpex_server.http.context import Context
from mpex_server.records import contributed
from mpex_server.records.resource import Body, Reference, Resource, broken_rule
from mpex_server.storage.documents import Document


def _prepare(ctx: Context, body: Body, current: Document | None) -> Body:
    if "parentSet" in body and body["parentSet"] == body.get("recordId"):
        raise broken_rule((("parentSet",), "is the unit itself"))
    return contributed.prepare(ctx, body, current)


def _references(body: Body) -> Iterator[Reference]:
    yield from contributed.references(body)
    if "parentSet" in body:
        yield Reference(("parentSet",), "parentSet", body["parentSet"])


REMAINS = Resource(
    kind="remains",
    id_member="recordId",
    schema="remains-unit",
    type_of=lambda body: str(body["type"]),
    status_of=lambda body: str(body["status"]),
    prepare=_prepare,
    references=_references,
    stored=contributed.stored,
)
