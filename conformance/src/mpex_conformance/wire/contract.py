"""The contract: the OpenAPI document and schemas of mpex-spec, as judge of every answer.

The target's own description is never read: a node that documents its mistakes would otherwise pass.
"""

import json
import re
from dataclasses import dataclass
from functools import cache
from typing import Any

import jsonschema_rs
import mpex_spec

from mpex_conformance.wire.exchange import Answer, Violation

_METHODS = ("get", "put", "post", "delete", "patch")


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation of the contract; ``action`` is None where no token is asked."""

    id: str
    method: str
    path: str
    action: str | None
    creating: bool
    media_type: str
    responses: dict[str, Any]
    schema: dict[str, Any] | None

    def url(self, ids: dict[str, str]) -> str:
        """Return the path with its parameters filled in."""
        return re.sub(r"\{(\w+)\}", lambda match: ids[match[1]], self.path)


@cache
def operations() -> dict[str, Operation]:
    """Return every operation by its operationId."""
    document = mpex_spec.openapi()
    return {
        item["operationId"]: _operation(method, path, item)
        for path, methods in document["paths"].items()
        for method, item in methods.items()
        if method in _METHODS
    }


def _operation(method: str, path: str, item: dict[str, Any]) -> Operation:
    scopes = [scope for entry in item.get("security", []) for scope in entry.get("mpex", [])]
    parameters = [entry.get("$ref", "") for entry in item.get("parameters", [])]
    content = item.get("requestBody", {}).get("content", {})
    return Operation(
        item["operationId"],
        method.upper(),
        path,
        scopes[0] if scopes else None,
        any(entry.endswith("/IdempotencyKey") for entry in parameters),
        next(iter(content), "application/json"),
        {status: _resolved(response) for status, response in item["responses"].items()},
        content.get("application/json", {}).get("schema"),
    )


def _resolved(response: dict[str, Any]) -> dict[str, Any]:
    if "$ref" not in response:
        return response
    found: dict[str, Any] = mpex_spec.openapi()["components"]["responses"][
        response["$ref"].rpartition("/")[2]
    ]
    return found


@cache
def _schemas() -> dict[str, dict[str, Any]]:
    read = mpex_spec.Spec(mpex_spec.root()).schemas
    return {name: {k: v for k, v in document.items() if k != "$schema"} for name, document in read.items()}


@cache
def _judge(reference: str) -> jsonschema_rs.Draft202012Validator:
    name, _, fragment = reference.removeprefix("schemas/").partition("#")
    documents = _schemas()
    registry = jsonschema_rs.Registry([(document["$id"], document) for document in documents.values()])
    target = documents[name.removesuffix(".json")]["$id"] + (f"#{fragment}" if fragment else "")
    return jsonschema_rs.Draft202012Validator({"$ref": target}, registry=registry, validate_formats=True)


def schema_errors(reference: str, value: Any) -> list[str]:
    """Return where ``value`` departs from the schema ``reference``, by place and keyword only."""
    return [
        f"/{'/'.join(str(step) for step in error.instance_path)}: {error.kind.name}"
        for error in _judge(reference).iter_errors(value)
    ]


def judge(operation: Operation, answer: Answer) -> list[Violation]:
    """Return what in ``answer`` departs from the contract of ``operation``; all of it the target's."""
    return [Violation("target", text) for text in _departures(operation, answer)]


def judge_request(operation: Operation, body: Any) -> list[Violation]:
    """Return what in a request meant to be right departs from the contract; all of it the harness's."""
    if operation.schema is None or "$ref" not in operation.schema:
        return []
    return [Violation("harness", text) for text in schema_errors(operation.schema["$ref"], body)]


def _departures(operation: Operation, answer: Answer) -> list[str]:
    documented = operation.responses.get(str(answer.status))
    if documented is None:
        return [f"{operation.id} answered {answer.status}, which the contract does not document"]
    content = documented.get("content")
    if not content:
        return []
    if answer.media_type not in content:
        return [f"{operation.id} answered {answer.status} with media type {answer.media_type or 'none'}"]
    schema = content[answer.media_type].get("schema", {})
    if "json" not in answer.media_type or "$ref" not in schema:
        return []
    try:
        value = json.loads(answer.body)
    except (ValueError, RecursionError):
        return [f"{operation.id} answered {answer.status} with a body that is not JSON"]
    return [f"{operation.id} {answer.status} {error}" for error in schema_errors(schema["$ref"], value)[:5]]
