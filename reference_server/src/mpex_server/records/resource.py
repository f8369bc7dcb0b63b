"""Descriptions of the kinds of document that this node keeps; the service and the routes work from these."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

import mpex_spec

from mpex_server.errors import Fault, Problem
from mpex_server.http.context import Context
from mpex_server.kit import strict_json
from mpex_server.storage.documents import Document

Body = dict[str, Any]
Path = tuple[str | int, ...]
Relation = Literal[
    "directive",
    "person",
    "incident",
    "parentSet",
    "identifies",
    "reliesOn",
    "subject",
    "notSame",
    "leadsTo",
    "splitFrom",
    "mergedInto",
    "donorDirective",
    "compared",
    "memberOf",
    "erases",
]


class Reference(NamedTuple):
    """A place of a body that names another document of this node."""

    path: Path
    relation: Relation
    target: str


def _as_it_is(_ctx: Context, body: Body, _current: Document | None) -> Body:
    return body


def _nothing(_ctx: Context, _document: Document) -> None:
    return None


def _none(_body: Body) -> Iterable[Reference]:
    return ()


@dataclass(frozen=True, slots=True)
class Resource:
    """One kind of document.

    `prepare` is given the body without server-set members and the current version (None on creation); it
    raises Problem, or returns the body to store. `references` must exist at this node (422 otherwise) and
    become links. `stored` runs in the same transaction, after each new version.
    `internal` members are stored and never shown.
    """

    kind: str
    id_member: str
    schema: str
    type_of: Callable[[Body], str]
    status_of: Callable[[Body], str]
    prepare: Callable[[Context, Body, Document | None], Body] = _as_it_is
    references: Callable[[Body], Iterable[Reference]] = _none
    stored: Callable[[Context, Document], None] = _nothing
    event: str = "write"
    internal: frozenset[str] = frozenset()
    read_only: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "read_only", _read_only(self.schema))

    def own_members(self, body: Body) -> Body:
        """Return the body without what only the server sets: clients may send back what they read."""
        return {name: value for name, value in body.items() if name not in self.read_only}

    def present(self, document: Document) -> Body:
        """Return the wire form: the stored body and what its row knows better."""
        row = {
            "version": document.version,
            "createdAt": document.created_at,
            "updatedAt": document.updated_at,
        }
        shown = {name: value for name, value in document.body.items() if name not in self.internal}
        return shown | {name: value for name, value in row.items() if name in self.read_only}


def broken_rule(*places: tuple[Path, str]) -> Problem:
    """Return the 422 for places that follow the schema and yet break a rule."""
    return Problem("ruleViolation", faults=[Fault(strict_json.pointer(path), text) for path, text in places])


def _read_only(schema: str) -> frozenset[str]:
    members = mpex_spec.schema(schema)["properties"]
    return frozenset(name for name, member in members.items() if member.get("readOnly"))
