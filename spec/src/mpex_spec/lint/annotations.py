"""Fields of schemas name their codelist, their data category and their sensitivity, and do so rightly."""

from collections.abc import Iterator
from typing import Any

from mpex_spec.files import Spec
from mpex_spec.lint.codelists import is_open
from mpex_spec.lint.finding import Finding, pointer
from mpex_spec.lint.walk import Path, nodes

RECORDS = ("person-record", "remains-unit", "search-request", "reference-sample", "group")
"""Types whose every field has a category; messages have none."""


METASCHEMA = {"x-mpex-category": "categories", "x-mpex-sensitivity": "sensitivities"}
"""Keywords whose values the metaschema repeats from a codelist."""


def check_codelist_use(spec: Spec) -> Iterator[Finding]:
    """Compare `x-mpex-codelist`, `x-mpex-openCodelist` and `enum` with the codelist."""
    for keyword, name in METASCHEMA.items():
        if spec.metaschema["properties"][keyword]["enum"] != list(spec.codelists[name]):
            yield Finding("metaschema/mpex-metaschema.json", f"/properties/{keyword}", f"must repeat {name}")
    for name, schema in spec.schemas.items():
        for path, node in nodes(schema):
            if isinstance(node.get("x-mpex-codelist"), str):
                for message in _codelist_faults(spec, node):
                    yield Finding(f"schemas/{name}.json", pointer(path), message)


def check_categories(spec: Spec) -> Iterator[Finding]:
    """Follow each field of a record down from the top: one annotation on the way, no more, no less."""
    for name in RECORDS:
        yield from _descend(spec, f"{name}.json", spec.schemas[name], (), None)
    sections = spec.schemas["sections"]["$defs"]["sections"]["properties"]
    for category, section in sections.items():
        place = f"/$defs/sections/properties/{category}"
        if section.get("x-mpex-category") != category:
            yield Finding("schemas/sections.json", place, "must bear the category it is named after")
        if section.get("x-mpex-sensitivity") != spec.codelists["categories"][category]["sensitivity"]:
            yield Finding("schemas/sections.json", place, "the sensitivity differs from the codelist")


def _codelist_faults(spec: Spec, node: dict[str, Any]) -> Iterator[str]:
    name, open_list = node["x-mpex-codelist"], node.get("x-mpex-openCodelist")
    if name not in spec.codelists:
        yield f"there is no codelist {name}"
        return
    if is_open(spec, name) != open_list:
        yield f"the codelist {name} is {'open' if is_open(spec, name) else 'closed'}"
    if open_list and "enum" in node:
        yield "an open codelist must not be repeated as enum"
    if not open_list and node.get("enum") != list(spec.codelists[name]):
        yield f"enum must repeat the codes of {name} in their order"


def _descend(spec: Spec, base: str, node: Any, path: Path, above: str | None) -> Iterator[Finding]:
    """Follow properties, items and references; `above` is the category that a parent already gave."""
    if not isinstance(node, dict):
        return
    own = node.get("x-mpex-category")
    if own and above:
        yield Finding(f"schemas/{base}", pointer(path), f"has a category although {above} covers it")
    category = own or above
    children = list(_children(node, path))
    if "$ref" in node:
        target_base, target = _resolve(spec, base, node["$ref"])
        yield from _descend(spec, target_base, target, (), category)
        return
    for child_path, child in children:
        yield from _descend(spec, base, child, child_path, category)
    if not children and not category:
        yield Finding(f"schemas/{base}", pointer(path), "has no data category")


def _children(node: dict[str, Any], path: Path) -> Iterator[tuple[Path, Any]]:
    for key, child in node.get("properties", {}).items():
        yield (*path, "properties", key), child
    if "items" in node:
        yield (*path, "items"), node["items"]


def _resolve(spec: Spec, base: str, reference: str) -> tuple[str, Any]:
    file, _, fragment = reference.partition("#")
    document: Any = spec.schemas[(file or base).removesuffix(".json")]
    for step in filter(None, fragment.split("/")):
        document = document[step]
    return file or base, document
