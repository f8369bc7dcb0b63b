"""The page of every setting of a node, from the settings themselves."""

import json
from pathlib import Path

from mpex_server.settings import Settings
from pydantic.fields import FieldInfo

_PATH = "docs/guide/settings.md"
_HEAD = """# Settings of a node

This page is written by `make derived` from the settings; [Run a node](operate.md) says how to use them.
Each is an environment variable, or a line of `settings.env` in the node's folder; the environment wins.

| setting | default | what it is |
|---|---|---|
"""


def generate() -> dict[str, str]:
    """Return the text of the page by its path in the repository."""
    rows = (_row(name, field) for name, field in Settings.model_fields.items())
    return {_PATH: _HEAD + "".join(rows)}


def _row(name: str, field: FieldInfo) -> str:
    text = (field.description or "").replace("|", "\\|")
    return f"| `MPEX_{name.upper()}` | {_default(field)} | {text} |\n"


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "required"
    if field.default is None:
        return "none"
    value = list(field.default) if isinstance(field.default, tuple) else field.default
    return f"`{value if isinstance(value, str | Path) else json.dumps(value)}`"
