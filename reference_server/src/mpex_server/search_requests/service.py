"""Rules of search requests."""

from collections.abc import Iterator

from mpex_server.records.resource import Body, Reference, Resource


def _references(body: Body) -> Iterator[Reference]:
    yield Reference(("person",), "person", body["person"])
    for number, directive in enumerate(body.get("directives", ())):
        yield Reference(("directives", number), "directive", directive)


SEARCH_REQUESTS = Resource(
    kind="request",
    id_member="requestId",
    schema="search-request",
    type_of=lambda _body: "searchRequest",
    status_of=lambda body: str(body["status"]),
    references=_references,
)
