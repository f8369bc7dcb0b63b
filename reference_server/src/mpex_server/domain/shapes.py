"""Known members of the sections of a record, read from their schemas once, and the pruning of all others.

Records are open: members and open codes that this version does not know are stored for the home node and,
having no data category, never leave it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]
Documents = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Shape:
    """What may be released of a value: its known members, the shape of its items, or its open codelist.

    A shape with none of these is a plain value and released as it is.
    """

    members: Mapping[str, Shape] | None = None
    items: Shape | None = None
    codelist: str | None = None


@dataclass(frozen=True, slots=True)
class Shapes:
    """Shapes of all sections by category and of the members of the envelope, and the known codes of open
    codelists (absent list: all codes)."""

    sections: Mapping[str, Shape]
    envelope: Mapping[str, Shape] = field(default_factory=dict)
    codes: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def prune(self, category: str, value: Any) -> Any:
        """Return a section without the members and codes that are not known; None when nothing is left."""
        shape = self.sections.get(category)
        return None if shape is None else self._pruned(shape, value)

    def prune_member(self, name: str, value: Any) -> Any:
        """Return a member of the envelope without what is not known; None when nothing is left."""
        shape = self.envelope.get(name)
        return None if shape is None else self._pruned(shape, value)

    def _pruned(self, shape: Shape, value: Any) -> Any:
        if shape.members is not None:
            return self._object(shape.members, value) if isinstance(value, dict) else None
        if shape.items is not None:
            kept = [self._pruned(shape.items, item) for item in value] if isinstance(value, list) else []
            return [item for item in kept if item is not None] or None
        if isinstance(value, dict | list):
            return None
        known = self.codes.get(shape.codelist or "")
        return value if known is None or value in known else None

    def _object(self, members: Mapping[str, Shape], value: Json) -> Json | None:
        kept = {name: self._pruned(shape, value[name]) for name, shape in members.items() if name in value}
        return {name: item for name, item in kept.items() if item is not None} or None


def section_shapes(documents: Documents, codes: Mapping[str, frozenset[str]] | None = None) -> Shapes:
    """Read the shapes from `sections.json`, `remains-unit.json` and what they refer to, by file name."""
    sections = documents["sections.json"]["$defs"]["sections"]["properties"]
    shapes = {name: _shape(schema, "sections.json", documents) for name, schema in sections.items()}
    members = documents["remains-unit.json"]["properties"]
    envelope = {
        name: _shape(schema, "remains-unit.json", documents)
        for name, schema in members.items()
        if name != "contributions"
    }
    return Shapes(shapes, envelope, codes or {})


def _shape(schema: Mapping[str, Any], file: str, documents: Documents) -> Shape:
    if reference := schema.get("$ref"):
        target, _, pointer = reference.partition("#/")
        file = target or file
        found: Any = documents[file]
        for step in pointer.split("/"):
            found = found[step]
        return _shape(found, file, documents)
    if "properties" in schema:
        return Shape({name: _shape(child, file, documents) for name, child in schema["properties"].items()})
    if "items" in schema:
        return Shape(items=_shape(schema["items"], file, documents))
    return Shape(codelist=schema.get("x-mpex-codelist") if schema.get("x-mpex-openCodelist") else None)
