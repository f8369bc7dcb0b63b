"""Places of a record that a mapping may fill, as the schema of the sections describes them.

A place is `section.member…`; in `journey.points[departure].place.name` the bracket names the type of the
point, so that several rules fill one point.
"""

import json
import re
from dataclasses import dataclass
from functools import cache
from typing import Any

import mpex_spec

from mpex_client._errors import ConfigurationError

__all__ = ["Target", "target_of", "targets"]

_KINDS = {"common.json#/$defs/partialDate": "date", "common.json#/$defs/ageRange": "age"}
_STEP = r"(\w+)(?:\[(\w+)\])?"


@dataclass(frozen=True, slots=True)
class Target:
    """One place: `kind` is text, date, age, number, boolean, list, names or nationalities."""

    to: str
    kind: str
    longest: int = 300

    def put(self, sections: dict[str, Any], value: Any) -> None:
        """Set the value; lists and names are added to."""
        place: Any = sections
        *way, (name, _) = _steps("names.names" if self.kind == "names" else self.to)
        for member, kind in way:
            place = _below(place, member, kind)
        if isinstance(value, list) or self.kind == "names":
            place.setdefault(name, []).extend(value if isinstance(value, list) else [value])
        else:
            place[name] = value


def _steps(to: str) -> list[tuple[str, str]]:
    """Return the member and the type of the point in brackets, or "", of each step of a place."""
    return re.findall(_STEP, to)


def _below(place: dict[str, Any], name: str, kind: str) -> dict[str, Any]:
    if not kind:
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
    for member, kind_of_point in _steps(to):
        schema = _resolved(schema).get("properties", {}).get(member, {})
        if kind_of_point:
            schema = _resolved(schema).get("items", {})
    kind = _kind(schema) if re.fullmatch(rf"{_STEP}(\.{_STEP})*", to) else None
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
        file, _, name = schema["$ref"].partition("#/$defs/")
        schema = _definitions(file)[name]
    return schema


@cache
def _definitions(file: str) -> dict[str, Any]:
    """Return the definitions of a schema; where they refer to one another they name the file."""
    text = json.dumps(mpex_spec.schema(file.removesuffix(".json"))["$defs"])
    definitions: dict[str, Any] = json.loads(text.replace('"$ref": "#/', f'"$ref": "{file}#/'))
    return definitions


@cache
def targets() -> frozenset[str]:
    """Return the places without a choice, for those who look for one."""
    found = {"names", "identity.nationalities"}
    sections = _resolved({"$ref": "sections.json#/$defs/sections"})["properties"]
    for section, schema in sections.items():
        members = _resolved(schema).get("properties", {})
        found |= {f"{section}.{name}" for name, member in members.items() if _kind(member)}
    return frozenset(found)
