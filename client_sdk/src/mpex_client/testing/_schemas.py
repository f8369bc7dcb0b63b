"""The standard's schemas, applied to what the fake node receives."""

from functools import cache
from typing import Any

import mpex_spec
from jsonschema import Draft202012Validator

__all__ = ["body_schema", "faults", "kind_of"]

_KINDS = {"remains-unit": "remains", "search-request": "request", "consent-directive": "directive"}


@cache
def _validator(schema: str) -> Draft202012Validator:
    return Draft202012Validator(mpex_spec.schema(schema), registry=mpex_spec.registry())


def faults(schema: str, document: Any) -> list[dict[str, str]]:
    """Return where and by which keyword a document breaks a schema; values are never told."""
    return [
        {
            "pointer": "".join(f"/{part}" for part in error.absolute_path),
            "detail": f"The keyword `{error.validator}` is not fulfilled.",
        }
        for error in _validator(schema).iter_errors(document)
    ]


@cache
def body_schema(operation_id: str) -> str | None:
    """Return the name of the schema of an operation's JSON body."""
    for item in mpex_spec.openapi()["paths"].values():
        for operation in item.values():
            if isinstance(operation, dict) and operation.get("operationId") == operation_id:
                content = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
                reference = content.get("schema", {}).get("$ref", "")
                return reference.removeprefix("schemas/").removesuffix(".json") or None
    return None


def kind_of(schema: str) -> str:
    """Return the kind of the identifiers of a document, for example `request` of `search-request`."""
    return _KINDS.get(schema, schema.removesuffix("-record"))
