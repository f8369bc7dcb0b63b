"""Rules of search requests."""

from collections.abc import Iterator
from typing import Any

from mpex_server.domain import safe_contact
from mpex_server.http.context import Context
from mpex_server.records import review
from mpex_server.records.resource import Body, Reference, Resource, broken_rule
from mpex_server.storage.documents import Document

DIED = "enquirerDiedAt"
_NOTED = frozenset({"movedTo", DIED})
_SHOWN = ("requestId", "status", "language", "safeContact", "notificationWishes", "directives", "movedTo")


def _references(body: Body) -> Iterator[Reference]:
    yield Reference(("person",), "person", body["person"])
    for number, directive in enumerate(body.get("directives", ())):
        yield Reference(("directives", number), "directive", directive)


def _prepare(ctx: Context, body: Body, current: Document | None) -> Body:
    if not safe_contact.known_zone(body.get("safeContact", {})):
        raise broken_rule((("safeContact", "timeZone"), "is no time zone of the IANA list"))
    if current is not None:
        review.check(body, current, ctx.now())
    return body | _told_of(body, {} if current is None else current.body)


def _told_of(body: Body, before: Body) -> Body:
    """Return what this node noted of a request; a death goes with the enquirer whom it befell."""
    kept = _NOTED if body["enquirer"] == before.get("enquirer") else _NOTED - {DIED}
    return {name: before[name] for name in kept & before.keys()}


def enquirer_view(request: Document) -> dict[str, Any]:
    """Return what an enquirer may see of its request; nothing depends on anybody else (ENQ-005)."""
    shown = {name: request.body[name] for name in _SHOWN if name in request.body}
    return shown | {"updatedAt": request.updated_at}


SEARCH_REQUESTS = Resource(
    kind="request",
    id_member="requestId",
    schema="search-request",
    type_of=lambda _body: "searchRequest",
    status_of=lambda body: str(body["status"]),
    prepare=_prepare,
    references=_references,
    stored=review.plan,
)
