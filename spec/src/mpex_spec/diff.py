"""Compares two versions of the standard and tells which changes break those who follow the old one."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from mpex_spec.files import Spec
from mpex_spec.lint.codelists import is_open
from mpex_spec.lint.interface import operations
from mpex_spec.lint.walk import nodes

IGNORED = frozenset({"title", "description", "examples", "$comment"})


@dataclass(frozen=True, slots=True)
class Change:
    """One normative change. `breaking`: what followed the old version may not follow the new one."""

    what: str
    name: str
    kind: str
    breaking: bool

    def __str__(self) -> str:
        return f"{'BREAKING ' if self.breaking else ''}{self.kind} {self.what} {self.name}"


def diff(old: Spec, new: Spec) -> list[Change]:
    """Return the changes from `old` to `new`: requirements, operations, schema members, openings, codes."""
    return [
        *_compared("requirement", _requirements(old), _requirements(new), lambda value: value[0] == "MUST"),
        *_compared("operation", _operations(old), _operations(new), lambda _: False),
        *_compared("schema member", _members(old), _members(new), lambda value: bool(value[0])),
        *_compared("opening", _openings(old), _openings(new), lambda _: False),
        *_compared("code", _codes(old), _codes(new), lambda value: value == "closed"),
    ]


def _compared(what: str, old: dict[str, Any], new: dict[str, Any], breaks: Any) -> Iterator[Change]:
    """`breaks` tells of an added thing whether its being there binds those who do not know it."""
    for name in [*old, *(name for name in new if name not in old)]:
        if name not in new:
            yield Change(what, name, "removed", breaking=True)
        elif name not in old:
            yield Change(what, name, "added", breaking=breaks(new[name]))
        elif old[name] != new[name]:
            yield Change(what, name, "changed", breaking=True)


def _requirements(spec: Spec) -> dict[str, Any]:
    return {
        entry.id: (entry.level.split()[0], entry.level, entry.conformance_class, entry.said)
        for entry in spec.requirements.values()
    }


def _operations(spec: Spec) -> dict[str, Any]:
    return {
        operation["operationId"]: (path, method, operation.get("security"), operation.get("requestBody"))
        for path, method, operation in operations(spec.openapi)
    }


def _members(spec: Spec) -> dict[str, Any]:
    """Members by file and place; the value tells whether it is required, and its schema without prose."""
    return {
        f"{file}.json#/{'/'.join(map(str, (*path, 'properties', name)))}": (
            name in node.get("required", ()),
            _shape(member),
        )
        for file, schema in spec.schemas.items()
        for path, node in nodes(schema)
        if isinstance(node.get("properties"), dict)
        for name, member in node["properties"].items()
    }


def _shape(member: Any) -> Any:
    """Return what binds in a member itself: nested members and codes are compared on their own."""
    if not isinstance(member, dict):
        return member
    coded = "x-mpex-codelist" in member
    own = IGNORED | {"properties", "required", "items"} | ({"enum"} if coded else set())
    shape = {key: value for key, value in member.items() if key not in own}
    if isinstance(member.get("items"), dict):
        shape["items"] = _shape(member["items"])
    return shape


def _openings(spec: Spec) -> dict[str, Any]:
    """Actions by caller and purpose; the value tells the classes of recipients to whom they are open."""
    found: dict[str, set[str]] = {}
    for row in spec.access:
        for purpose in row.purposes:
            found.setdefault(f"{row.action} for {purpose} to {row.caller}", set()).update(row.classes)
    return found


def _codes(spec: Spec) -> dict[str, Any]:
    return {
        f"{name}/{code}": "open" if is_open(spec, name) else "closed"
        for name, codes in spec.codelists.items()
        for code in codes
    }
