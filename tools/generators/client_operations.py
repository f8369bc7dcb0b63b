"""The operations of spec/openapi.yaml as a table that the SDK loads without reading YAML."""

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
    rows = [
        f'    "{operation["operationId"]}": {_row(method, path, operation)},\n'
        for path, item in document["paths"].items()
        for method, operation in item.items()
        if method in METHODS
    ]
    return {TARGET: HEAD + "".join(rows) + "}\n"}


def _row(method: str, path: str, operation: dict[str, Any]) -> str:
    security = operation.get("security")
    action = repr(security[0]["mpex"][0]).replace("'", '"') if security else None
    references = {parameter.get("$ref", "") for parameter in operation.get("parameters", [])}
    keyed = "#/components/parameters/IdempotencyKey" in references
    return f'Operation("{method.upper()}", "{path}", {action}{", keyed=True" if keyed else ""})'
