"""The operations of spec/openapi.yaml as a table that the SDK loads without reading YAML."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[2]
TARGET = "client_sdk/src/mpex_client/_generated/operations.py"
HEAD = '''"""Generated from spec/openapi.yaml by tools/generators/client_operations.py; never edited."""

from mpex_client._operations import Operation

OPERATIONS = {
'''
METHODS = ("get", "put", "post", "delete", "patch")


def generate() -> dict[str, str]:
    """Return the text of the module by its path in the repository."""
    document = yaml.safe_load((ROOT / "spec" / "openapi.yaml").read_text(encoding="utf-8"))
    paths = document["paths"]
    rows = [
        f'    "{operation["operationId"]}": {_row(method, path, operation, paths)},\n'
        for path, item in paths.items()
        for method, operation in item.items()
        if method in METHODS
    ]
    return {TARGET: HEAD + "".join(rows) + "}\n"}


def _row(method: str, path: str, operation: dict[str, Any], paths: dict[str, Any]) -> str:
    security = operation.get("security")
    action = repr(security[0]["mpex"][0]).replace("'", '"') if security else None
    references = {parameter.get("$ref", "") for parameter in operation.get("parameters", [])}
    keyed = "#/components/parameters/IdempotencyKey" in references
    rest = (", keyed=True" if keyed else "") + _minted(path, operation, paths)
    return f'Operation("{method.upper()}", "{path}", {action}{rest})'


def _minted(path: str, operation: dict[str, Any], paths: dict[str, Any]) -> str:
    """Return member and kind of the identifier that a client may give what it creates."""
    member = next((name for name in _named_below(path, paths)), None)
    content = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
    schema = content.get("schema", {}).get("$ref", "")
    if member is None or not operation["operationId"].startswith("create") or not schema:
        return ""
    properties = json.loads((ROOT / "spec" / schema).read_text(encoding="utf-8"))["properties"]
    identifier = properties.get(member, {"readOnly": True})
    return (
        "" if identifier.get("readOnly") else f', mints=("{member}", "{identifier["$ref"].split("/")[-1]}")'
    )


def _named_below(path: str, paths: dict[str, Any]) -> Iterator[str]:
    for other in paths:
        if other.startswith(f"{path}/{{") and other.endswith("}") and other.count("/") == path.count("/") + 1:
            yield other.rsplit("{", 1)[1][:-1]
