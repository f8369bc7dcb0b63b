"""The OpenAPI document: references resolve; each operation is named, authorised and answers fully."""

import re
from collections.abc import Iterator
from typing import Any

from mpex_spec.files import Spec
from mpex_spec.lint.finding import Finding, pointer
from mpex_spec.lint.walk import nodes

FILE = "openapi.yaml"
_DOES = re.compile(r"[A-Z][a-z]*s[, ].+\.$")
METHODS = frozenset({"get", "post", "put", "patch", "delete"})
PROBLEM = "application/problem+json"
OWN_ERRORS = {"createToken": "application/json", "receiveEvent": "application/json"}
"""Operations whose errors other standards lay down: RFC 6749 §5.2 and RFC 8935 §2.3."""


def operations(openapi: Any) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Yield path, method and operation of the document."""
    for path, item in openapi["paths"].items():
        for method in METHODS & set(item):
            yield path, method, item[method]


def check_openapi(spec: Spec) -> Iterator[Finding]:
    """Judge references, then each operation."""
    yield from _references(spec)
    yield from _scope_faults(spec)
    seen: set[str] = set()
    for path, method, operation in operations(spec.openapi):
        place = pointer(["paths", path, method])
        name = operation.get("operationId")
        if not name or name in seen:
            yield Finding(FILE, place, "needs an operationId of its own")
            continue
        seen.add(name)
        faults = (*_summary_faults(operation), *_action_faults(spec, operation))
        for message in (*faults, *_answer_faults(spec, operation)):
            yield Finding(FILE, place, message)


def _references(spec: Spec) -> Iterator[Finding]:
    for path, node in nodes(spec.openapi):
        reference = node.get("$ref")
        if isinstance(reference, str) and _follow(spec, reference) is None:
            yield Finding(FILE, pointer(path), f"{reference} leads nowhere")


def _scope_faults(spec: Spec) -> Iterator[Finding]:
    place = ["components", "securitySchemes", "mpex", "flows", "clientCredentials", "scopes"]
    scopes = spec.openapi
    for step in place:
        scopes = scopes[step]
    if scopes != {code: row["description"] for code, row in spec.codelists["actions"].items()}:
        yield Finding(
            FILE, pointer(place), "the scopes must repeat the codelist actions with its descriptions"
        )


def _summary_faults(operation: dict[str, Any]) -> Iterator[str]:
    summary = operation.get("summary", "")
    if not _DOES.match(summary):
        yield "needs a summary that says what it does, such as: Lists tasks, due first."


def _action_faults(spec: Spec, operation: dict[str, Any]) -> Iterator[str]:
    security = operation.get("security")
    if security == []:
        return
    scopes = security[0].get("mpex", []) if security else []
    if len(scopes) != 1:
        yield "needs exactly one action as scope, or an empty security"
    elif scopes[0] not in spec.codelists["actions"]:
        yield f"{scopes[0]} is not in the codelist actions"


def _answer_faults(spec: Spec, operation: dict[str, Any]) -> Iterator[str]:
    responses = {status: _whole(spec, answer) for status, answer in operation.get("responses", {}).items()}
    if not any(status.startswith("2") for status in responses):
        yield "has no success response"
    secured = operation.get("security") != []
    expected = OWN_ERRORS.get(operation["operationId"], PROBLEM)
    for status in ("401", "403"):
        if secured and status not in responses:
            yield f"has no response for {status}"
    for status, answer in responses.items():
        media = {PROBLEM, expected} if secured else {expected}
        if status[0] in "45" and not media & set(answer.get("content", {})):
            yield f"the response {status} is not {expected}"


def _whole(spec: Spec, node: Any) -> Any:
    return _follow(spec, node["$ref"]) or {} if "$ref" in node else node


def _follow(spec: Spec, reference: str) -> Any:
    file, _, fragment = reference.partition("#")
    stem = file.removeprefix("schemas/").removesuffix(".json")
    document = spec.openapi if not file else spec.schemas.get(stem)
    for step in filter(None, fragment.split("/")):
        document = document.get(step) if isinstance(document, dict) else None
    return document
