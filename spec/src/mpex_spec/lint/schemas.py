"""Schemas follow the metaschema, carry the right names, and every reference in them leads somewhere."""

from collections.abc import Iterator
from typing import Any

from jsonschema import Draft202012Validator
from referencing.exceptions import Unresolvable

from mpex_spec.files import SCHEMA_BASE, Spec
from mpex_spec.lint.finding import Finding, pointer
from mpex_spec.lint.walk import nodes


def check_schemas(spec: Spec) -> Iterator[Finding]:
    """Judge every schema by the metaschema and resolve its references."""
    judge = Draft202012Validator(spec.metaschema, registry=spec.registry)
    for name, schema in spec.schemas.items():
        file = f"schemas/{name}.json"
        for fault in judge.iter_errors(schema):
            yield Finding(
                file, pointer(fault.absolute_path), f"not allowed by the metaschema: {fault.message}"
            )
        yield from _names(file, schema)
        yield from _references(spec, file, schema)


def _names(file: str, schema: Any) -> Iterator[Finding]:
    expected = {
        "$schema": SCHEMA_BASE + "mpex-metaschema.json",
        "$id": SCHEMA_BASE + file.removeprefix("schemas/"),
    }
    for keyword, value in expected.items():
        if schema.get(keyword) != value:
            yield Finding(file, f"/{keyword}", f"must be {value}")
    for keyword in ("title", "description"):
        if not schema.get(keyword):
            yield Finding(file, "", f"has no {keyword}")


def _references(spec: Spec, file: str, schema: Any) -> Iterator[Finding]:
    resolver = spec.registry.resolver(schema.get("$id", ""))
    for path, node in nodes(schema):
        reference = node.get("$ref")
        if not isinstance(reference, str):
            continue
        try:
            resolver.lookup(reference)
        except Unresolvable:
            yield Finding(file, pointer([*path, "$ref"]), f"{reference} leads nowhere")
