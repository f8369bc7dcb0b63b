"""Bundles OpenAPI document and schemas into one OpenAPI 3.1 document for other tools.

`$id` and `$schema` are taken out and every reference leads into `components`, because common tools
(ajv, generators of types) cannot follow an `$id` inside `components`.
"""

from typing import Any

from mpex_spec.files import Spec

DROPPED = frozenset({"$id", "$schema", "$defs"})


def bundle(spec: Spec, role: str | None = None) -> dict[str, Any]:
    """Return the OpenAPI document, whole or of a role, with the schemas that it reaches in its components."""
    collected: dict[str, Any] = {}
    written = spec.openapi if role is None else spec.openapi_of(role)
    document: dict[str, Any] = _rewrite(spec, written, None, collected)
    document.setdefault("components", {})["schemas"] = dict(sorted(collected.items()))
    return document


def _rewrite(spec: Spec, node: Any, base: str | None, collected: dict[str, Any]) -> Any:
    """Copy a node; `base` is the schema that it stands in, None for the OpenAPI document itself."""
    if isinstance(node, list):
        return [_rewrite(spec, item, base, collected) for item in node]
    if not isinstance(node, dict):
        return node
    copy = {
        key: _rewrite(spec, value, base, collected)
        for key, value in node.items()
        if not (base and key in DROPPED)
    }
    if isinstance(node.get("$ref"), str):
        copy["$ref"] = _collect(spec, node["$ref"], base, collected)
    return copy


def _collect(spec: Spec, reference: str, base: str | None, collected: dict[str, Any]) -> str:
    """Put the target of a reference into `collected` and return the reference to it there."""
    file, _, fragment = reference.partition("#")
    if not file and base is None:
        return reference
    stem = file.removeprefix("schemas/").removesuffix(".json") or str(base)
    steps = [step for step in fragment.split("/") if step]
    name = _pascal(stem) + _pascal(steps[-1] if steps else "")
    if name not in collected:
        collected[name] = {}
        target: Any = spec.schemas[stem]
        for step in steps:
            target = target[step]
        collected[name] = _rewrite(spec, target, stem, collected)
    return f"#/components/schemas/{name}"


def _pascal(name: str) -> str:
    return "".join(part[:1].upper() + part[1:] for part in name.split("-"))
