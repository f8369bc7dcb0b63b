"""Judges every response of a test node against `spec/openapi.yaml`: status, media type, headers and body."""

import json
from functools import lru_cache
from typing import Any

import httpx2
import mpex_spec
from jsonschema import Draft202012Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

# What the framework answers before an operation is chosen, or for any operation alike.
ANYWHERE = {"304", "404", "405", "500", "503"}
_BASE = "https://mpex.example/"


def judge(method: str, path: str, response: httpx2.Response) -> None:
    """Raise AssertionError when the response is not one that the document describes."""
    operation = operation_of(method, path.partition("?")[0])
    if operation is None:
        assert response.status_code in {404, 405}, f"{method} {path}: not an operation, yet {response}"
        return
    where = f"{operation['operationId']} {response.status_code}"
    status = str(response.status_code)
    described = _resolved(operation["responses"].get(status))
    assert described is not None or status in ANYWHERE, f"{where}: status is not documented"
    for name in (described or {}).get("headers", {}):
        assert name in response.headers, f"{where}: header {name} is missing"
    content = (described or {}).get("content", {})
    if not content:
        return
    media = response.headers.get("content-type", "").partition(";")[0]
    assert media in content, f"{where}: media type {media!r} is not documented"
    if media.endswith("json"):
        errors = [
            f"{error.json_path}: {error.validator}"
            for error in _validator(content[media]["schema"]["$ref"]).iter_errors(
                json.loads(response.content)
            )
        ]
        assert not errors, f"{where}: {errors}"


@lru_cache(maxsize=1024)
def operation_of(method: str, path: str) -> Any:
    """Return the operation of a method and path, fixed segments before templates, or None."""
    steps = path.split("/")
    for template in sorted(mpex_spec.openapi()["paths"], key=lambda entry: entry.count("{")):
        wanted = template.split("/")
        if len(wanted) == len(steps) and all(
            want.startswith("{") or want == step for want, step in zip(wanted, steps, strict=True)
        ):
            return mpex_spec.openapi()["paths"][template].get(method.lower())
    return None


def _resolved(node: Any) -> Any:
    if node and "$ref" in node:
        return mpex_spec.openapi()["components"]["responses"][node["$ref"].rpartition("/")[2]]
    return node


@lru_cache(maxsize=64)
def _validator(reference: str) -> Draft202012Validator:
    return Draft202012Validator({"$ref": _BASE + reference}, registry=_registry())


@lru_cache(maxsize=1)
def _registry() -> Registry[Any]:
    found: Registry[Any] = mpex_spec.registry()
    for path in (mpex_spec.root() / "schemas").glob("*.json"):
        # The OpenAPI document refers to files, the schemas refer to one another by `$id`.
        resource: Resource[Any] = DRAFT202012.create_resource(mpex_spec.schema(path.stem))
        found = found.with_resource(f"{_BASE}schemas/{path.name}", resource)
    return found
