"""Rules of groups."""

from collections.abc import Iterator

from mpex_server.records.resource import Body, Reference, Resource


def _references(body: Body) -> Iterator[Reference]:
    if "directive" in body:
        yield Reference(("directive",), "directive", body["directive"])
    if "incident" in body:
        yield Reference(("incident",), "incident", body["incident"])


GROUPS = Resource(
    kind="group",
    id_member="groupId",
    schema="group",
    type_of=lambda body: str(body["type"]),
    status_of=lambda _body: "open",
    references=_references,
)
