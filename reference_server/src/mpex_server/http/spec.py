"""Operations as `spec/openapi.yaml` declares them: method, path, action, parameters, body schema, headers."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import jsonschema_rs
import mpex_spec

_BASE = "https://mpex.example/"
_DOCUMENT = f"{_BASE}openapi.yaml"
_METHODS = ("get", "put", "post", "delete", "patch")
# Searches of partners leave on the time grid whatever their outcome (SRCH-005).
_ON_GRID = frozenset({"createSearch"})


@dataclass(frozen=True, slots=True)
class Parameter:
    """A path, query or header parameter."""

    name: str
    place: str
    required: bool
    integer: bool
    default: Any
    validator: jsonschema_rs.Draft202012Validator


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation of the OpenAPI document; `action` is None for public ones."""

    operation_id: str
    method: str
    path: str
    action: str | None
    parameters: tuple[Parameter, ...]
    bodies: Mapping[str, jsonschema_rs.Draft202012Validator]
    needs_idempotency_key: bool
    needs_if_match: bool
    on_grid: bool
    roles: frozenset[str]

    @property
    def writes(self) -> bool:
        """Whether the operation changes something, so that it must leave an audit entry."""
        return self.method != "GET"


@lru_cache(maxsize=1)
def operations() -> dict[str, Operation]:
    """Return all operations by operationId."""
    document = mpex_spec.openapi()
    found = (_operation(document, *place) for place in _places(document))
    return {operation.operation_id: operation for operation in found}


def schema_validator(name: str) -> jsonschema_rs.Draft202012Validator:
    """Return the validator, formats on, of the schema file `<name>.json`."""
    return _validator(f"{_BASE}schemas/{name}.json")


def _places(document: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for path, item in document["paths"].items():
        for method in _METHODS:
            if method in item:
                yield path, method


def _operation(document: dict[str, Any], path: str, method: str) -> Operation:
    item = document["paths"][path][method]
    place = f"{_DOCUMENT}#/paths/{_escaped(path)}/{method}"
    listed = enumerate(item.get("parameters", ()))
    raw = [_resolved(document, entry, f"{place}/parameters/{i}") for i, entry in listed]
    body, body_place = _resolved(document, item.get("requestBody", {}), f"{place}/requestBody")
    actions = [action for scheme in item.get("security", ()) for action in scheme.get("mpex", ())]
    names = {entry["name"].lower() for entry, _ in raw if entry["in"] == "header"}
    return Operation(
        operation_id=item["operationId"],
        method=method.upper(),
        path=path,
        action=actions[0] if actions else None,
        parameters=tuple(_parameter(entry, where) for entry, where in raw),
        bodies={
            media: _validator(f"{body_place}/content/{_escaped(media)}/schema")
            for media in body.get("content", {})
        },
        needs_idempotency_key="idempotency-key" in names,
        needs_if_match="if-match" in names,
        on_grid=item["operationId"] in _ON_GRID,
        roles=frozenset(item.get("x-mpex-roles", ("node",))),
    )


def _parameter(entry: dict[str, Any], place: str) -> Parameter:
    schema = entry["schema"]
    return Parameter(
        name=entry["name"],
        place=entry["in"],
        required=bool(entry.get("required")),
        integer=schema.get("type") == "integer",
        default=schema.get("default"),
        validator=_validator(f"{place}/schema"),
    )


def _resolved(document: dict[str, Any], node: dict[str, Any], place: str) -> tuple[dict[str, Any], str]:
    reference = node.get("$ref")
    if reference is None:
        return node, place
    target: Any = document
    for step in reference.removeprefix("#/").split("/"):
        target = target[step]
    return target, f"{_DOCUMENT}{reference}"


def _validator(reference: str) -> jsonschema_rs.Draft202012Validator:
    return jsonschema_rs.Draft202012Validator(
        {"$ref": reference}, registry=_registry(), validate_formats=True
    )


@lru_cache(maxsize=1)
def _registry() -> jsonschema_rs.Registry:
    # `$schema` names our metaschema, which adds annotations only; the validator would look for it elsewhere.
    resources: list[tuple[str, Any]] = [(_DOCUMENT, mpex_spec.openapi())]
    for path in (mpex_spec.root() / "schemas").glob("*.json"):
        schema = {key: value for key, value in mpex_spec.schema(path.stem).items() if key != "$schema"}
        # The OpenAPI document refers to files, the schemas refer to one another by `$id`.
        resources += [(f"{_BASE}schemas/{path.name}", schema), (schema["$id"], schema)]
    return jsonschema_rs.Registry(resources)


def _escaped(step: str) -> str:
    return step.replace("~", "~0").replace("/", "~1").replace("{", "%7B").replace("}", "%7D")
