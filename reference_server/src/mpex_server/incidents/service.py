"""Rules of incidents. Their identity in the file of origin is theirs for good and no other incident's."""

from collections.abc import Iterator

from mpex_server.errors import Fault, Problem
from mpex_server.http.context import Context
from mpex_server.records.resource import Body, Reference, Resource, broken_rule
from mpex_server.storage import links
from mpex_server.storage.documents import Document
from mpex_server.storage.links import Source

PUBLIC = "public"


def source_of(body: Body) -> Source | None:
    """Return the identity in the file of origin, None for an incident that comes from no file."""
    source = body.get("source")
    return (source["system"], source["id"]) if source else None


def _prepare(_ctx: Context, body: Body, current: Document | None) -> Body:
    before = source_of(current.body) if current else None
    if before is not None and source_of(body) != before:
        raise broken_rule((("source",), "names another origin; system and id may not change"))
    return body


def _references(body: Body) -> Iterator[Reference]:
    if "directive" in body:
        yield Reference(("directive",), "directive", body["directive"])


def _stored(ctx: Context, document: Document) -> None:
    source = source_of(document.body)
    if source is None:
        return
    holder = links.known_sources(ctx.conn, ctx.keys, [source]).get(source)
    if holder is None:
        links.bind_sources(ctx.conn, ctx.keys, {source: document.id})
    elif holder != document.id:
        raise Problem("alreadyExists", faults=[Fault("/source/id", "is that of another incident")])


INCIDENTS = Resource(
    kind="incident",
    id_member="incidentId",
    schema="incident",
    type_of=lambda body: str(body["type"]),
    status_of=lambda _body: PUBLIC,
    prepare=_prepare,
    references=_references,
    stored=_stored,
)
