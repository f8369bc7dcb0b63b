"""Places of a record that a mapping may fill, as the schema of the sections describes them.

A place is `section.member…`; in `journey.points[departure].place.name` the bracket names the type of the
point, so that several rules fill one point.
"""

import re
from dataclasses import dataclass
from functools import cache
from typing import Any

import mpex_spec

from mpex_client._errors import ConfigurationError

__all__ = ["Target", "target_of", "targets"]

_KINDS = {"common.json#/$defs/partialDate": "date", "common.json#/$defs/ageRange": "age"}
_STEP = re.compile(r"(\w+)(?:\[(\w+)\])?")


@dataclass(frozen=True, slots=True)
class Target:
    """One place: `kind` is text, date, age, number, boolean, list, names or nationalities."""

    to: str
    kind: str
    longest: int = 300

    def put(self, sections: dict[str, Any], value: Any) -> None:
        """Set the value; lists and names are added to."""
        place: Any = sections
        *way, last = [_STEP.fullmatch(step) for step in self._path]
        for step in way:
            assert step is not None  # noqa: S101 - `target_of` has checked the form
            place = _below(place, step[1], step[2])
        name = last[0] if last else ""
        if isinstance(value, list) or self.kind == "names":
            place.setdefault(name, []).extend(value if isinstance(value, list) else [value])
        else:
            place[name] = value

    @property
    def _path(self) -> list[str]:
        return ["names", "names"] if self.kind == "names" else self.to.split(".")


def _below(place: dict[str, Any], name: str, kind: str | None) -> dict[str, Any]:
    if kind is None:
        found: dict[str, Any] = place.setdefault(name, {})
        return found
    entries: list[dict[str, Any]] = place.setdefault(name, [])
    for entry in entries:
        if entry.get("type") == kind:
            return entry
    entries.append({"type": kind})
    return entries[-1]


@cache
def target_of(to: str) -> Target:
    """Return the target of a place; raises ConfigurationError when a record has no such place."""
    if to == "names":
        return Target(to, "names")
    if to == "identity.nationalities":
        return Target(to, "nationalities")
    schema: dict[str, Any] = {"$ref": "sections.json#/$defs/sections"}
    for step in to.split("."):
        found = _STEP.fullmatch(step)
        schema = _resolved(schema)
        schema = schema.get("properties", {}).get(found[1], {}) if found else {}
        if found and found[2]:
            schema = _resolved(schema).get("items", {})
    kind = _kind(schema)
    if kind is None:
        raise ConfigurationError(f"{to}: a record has no such place, or no value of its own there")
    return Target(to, kind, _resolved(schema).get("maxLength", 300))


def _kind(schema: dict[str, Any]) -> str | None:
    if schema.get("$ref") in _KINDS:
        return _KINDS[schema["$ref"]]
    schema = _resolved(schema)
    kinds = {"string": "text", "integer": "number", "boolean": "boolean"}
    if schema.get("type") == "array":
        return "list" if _resolved(schema.get("items", {})).get("type") == "string" else None
    return kinds.get(schema.get("type", ""))


def _resolved(schema: dict[str, Any]) -> dict[str, Any]:
    while "$ref" in schema:
        name, _, pointer = schema["$ref"].partition("#/$defs/")
        schema = mpex_spec.schema(name.removesuffix(".json") or "sections")["$defs"][pointer]
    return schema


@cache
def targets() -> frozenset[str]:
    """Return the places without a choice, for those who look for one."""
    found = {"names", "identity.nationalities"}
    sections = _resolved({"$ref": "sections.json#/$defs/sections"})["properties"]
    for section, schema in sections.items():
        members = _resolved(schema).get("properties", {})
        found |= {f"{section}.{name}" for name, member in members.items() if _kind(member)}
    return frozenset(found)
