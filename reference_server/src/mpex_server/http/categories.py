"""Data categories of an answer, read from the annotations of its schema (PURP-006)."""

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import mpex_spec

Json = dict[str, Any]
_CODE = "common.json#/$defs/category"
_SUCCESS = ("200", "201", "202")


def categories_of(operation_id: str, body: Any) -> frozenset[str]:
    """Return the categories of the values in an answer of an operation."""
    schema = _answers().get(operation_id)
    return frozenset(() if schema is None else _found({"$ref": schema}, "", body))


def _found(schema: Json, file: str, value: Any) -> Iterator[str]:
    while reference := schema.get("$ref"):
        target, _, pointer = reference.partition("#/")
        file = target.rpartition("/")[2] or file
        schema = mpex_spec.schema(file.removesuffix(".json"))
        for step in pointer.split("/") if pointer else ():
            schema = schema[step]
    for part in (schema[name] for name in ("then", "else") if name in schema):
        yield from _found(part, file, value)
    for part in (part for name in ("allOf", "anyOf", "oneOf") for part in schema.get(name, ())):
        yield from _found(part, file, value)
    if isinstance(value, list) and "items" in schema:
        for item in value:
            yield from _found(schema["items"], file, item)
    if isinstance(value, dict):
        yield from _members(schema, file, value)


def _members(schema: Json, file: str, value: Json) -> Iterator[str]:
    if schema.get("propertyNames", {}).get("$ref") == _CODE:
        yield from value
    for name, member in schema.get("properties", {}).items():
        if name not in value:
            continue
        if "x-mpex-category" in member:
            yield member["x-mpex-category"]
        if member.get("$ref") == _CODE:
            yield value[name]
        yield from _found(member, file, value[name])


@lru_cache(maxsize=1)
def _answers() -> dict[str, str]:
    """Return the schema file of the answer of each operation that gives JSON."""
    found = {}
    for item in mpex_spec.openapi()["paths"].values():
        for operation in item.values():
            for status in _SUCCESS:
                content = operation.get("responses", {}).get(status, {}).get("content", {})
                if "application/json" in content:
                    found[operation["operationId"]] = content["application/json"]["schema"]["$ref"]
    return found
