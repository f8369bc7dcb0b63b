"""Judges every response of a test node against `spec/openapi.yaml`: status, media type, headers and body."""

import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import PurePosixPath
from typing import Any

import httpx2
import jsonschema_rs
import mpex_spec
from mpex_spec.message_signatures import content_digest

# spec.md, chapter 6, "Errors": what any operation may answer without saying so. A test keeps both equal.
ANYWHERE = {"413", "500", "503"}
_DRAFT = "https://json-schema.org/draft/2020-12/schema"


@dataclass(frozen=True)
class Described:
    """An operation as the document describes it; `action` is None where no token is asked for."""

    name: str
    method: str
    path: str
    action: str | None
    parameters: frozenset[str]
    media: str | None
    responses: dict[str, Any]
    roles: frozenset[str]

    def __str__(self) -> str:
        return self.name


def judge(method: str, path: str, response: httpx2.Response, role: str = "node") -> str | None:
    """Raise AssertionError unless the document describes the response; return the operation's name.

    Whatever the operation, a body has its digest (WIRE-014).
    """
    digest = response.headers.get_list("content-digest")
    assert digest == [content_digest(response.content)] * bool(response.content), f"{method} {path}: {digest}"
    operation = operation_of(method, path.partition("?")[0])
    if operation is None or role not in operation.roles:
        assert response.status_code in {404, 405}, f"{method} {path}: not an operation, yet {response}"
        return None
    status = str(response.status_code)
    where = f"{operation.name} {status}"
    described = operation.responses.get(status)
    assert described is not None or status in ANYWHERE, f"{where}: status is not documented"
    for name in (described or {}).get("headers", {}):
        assert name in response.headers, f"{where}: header {name} is missing"
    _judge_body(where, (described or {}).get("content", {}), response)
    return operation.name


def _judge_body(where: str, content: dict[str, Any], response: httpx2.Response) -> None:
    if not content:
        return
    media = response.headers.get("content-type", "").partition(";")[0]
    assert media in content, f"{where}: media type {media!r} is not documented"
    if media.endswith("json"):
        validator = _validator(content[media]["schema"]["$ref"])
        found = validator.iter_errors(json.loads(response.content))
        errors = ["/".join(map(str, (*error.instance_path, *error.schema_path))) for error in found]
        assert not errors, f"{where}: {errors}"


@lru_cache(maxsize=1)
def operations() -> dict[str, Described]:
    """Return every operation of the document by its operationId."""
    document = mpex_spec.openapi()
    return {
        item["operationId"]: _described(document, path, method.upper(), item)
        for path, methods in document["paths"].items()
        for method, item in methods.items()
    }


def of_role(role: str) -> dict[str, Described]:
    """Return the operations that a node has, or an anchor."""
    return {name: entry for name, entry in operations().items() if role in entry.roles}


@lru_cache(maxsize=1024)
def operation_of(method: str, path: str) -> Described | None:
    """Return the operation of a method and path, or None; fixed segments go before templates."""
    steps = path.split("/")
    for template in sorted({entry.path for entry in operations().values()}, key=lambda each: each.count("{")):
        wanted = template.split("/")
        if len(wanted) == len(steps) and all(
            want.startswith("{") or want == step for want, step in zip(wanted, steps, strict=True)
        ):
            found = [entry for entry in operations().values() if entry.path == template]
            return next((entry for entry in found if entry.method == method.upper()), None)
    return None


def _described(document: Any, path: str, method: str, item: Any) -> Described:
    parts = document["components"]
    actions = [action for entry in item["security"] for action in entry["mpex"]]
    return Described(
        name=item["operationId"],
        method=method,
        path=path,
        action=actions[0] if actions else None,
        parameters=frozenset(
            _resolved(parts["parameters"], entry)["name"] for entry in item.get("parameters", ())
        ),
        media=next(iter(item.get("requestBody", {}).get("content", {})), None),
        responses={
            status: _resolved(parts["responses"], answer) for status, answer in item["responses"].items()
        },
        roles=frozenset(item.get("x-mpex-roles", ["node"])),
    )


def _resolved(parts: Any, node: Any) -> Any:
    return parts[node["$ref"].rpartition("/")[2]] if "$ref" in node else node


@lru_cache(maxsize=64)
def _validator(reference: str) -> jsonschema_rs.Draft202012Validator:
    schema = mpex_spec.schema(PurePosixPath(reference).stem)
    return jsonschema_rs.Draft202012Validator({"$ref": schema["$id"]}, registry=_registry())


@lru_cache(maxsize=1)
def _registry() -> jsonschema_rs.Registry:
    schemas = (mpex_spec.schema(path.stem) for path in (mpex_spec.root() / "schemas").glob("*.json"))
    # Our metaschema adds annotations only, and would be looked for elsewhere.
    return jsonschema_rs.Registry([(schema["$id"], {**schema, "$schema": _DRAFT}) for schema in schemas])
