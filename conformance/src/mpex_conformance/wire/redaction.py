"""Redaction at the moment of writing: an exchange is recorded by shape, never with a token or a value.

What remains is enough to see what was sent and answered: members, JSON types, lengths, codes of problems.
Records of a test are synthetic, yet a suite that stores bodies would one day be pointed at real ones.
"""

import json
import re
from collections.abc import Mapping
from typing import Any

_PLAIN_HEADERS = frozenset(
    {
        "accept",
        "allow",
        "cache-control",
        "content-length",
        "content-type",
        "retry-after",
        "www-authenticate",
    }
)
_SPOKEN = frozenset({"type", "title", "status", "outcome", "state", "kind", "error", "err"})
_CODE = re.compile(r"^[A-Za-z][A-Za-z0-9:_ .-]{0,80}$")
_ID = re.compile(r":[a-z2-7]{26}\b")
_MOST_ITEMS = 5


def headers(values: Mapping[str, str]) -> dict[str, str]:
    """Return header names with the values of harmless headers and the length of all others."""
    return {
        name.lower(): value if name.lower() in _PLAIN_HEADERS else f"<{len(value)} characters>"
        for name, value in values.items()
    }


def address(path: str) -> str:
    """Return ``path`` with every identifier and every query value taken out."""
    plain, _, query = path.partition("?")
    names = [part.partition("=")[0] for part in query.split("&") if part]
    return _ID.sub(":…", plain) + (f"?{'&'.join(f'{name}=…' for name in names)}" if names else "")


def body(raw: bytes, content_type: str) -> Any:
    """Return the shape of a body: members and JSON types; codes of problems and outcomes stay readable."""
    if not raw:
        return None
    if "json" in content_type:
        try:
            return _shape(json.loads(raw), "")
        except (ValueError, RecursionError):
            return f"<{len(raw)} bytes, not JSON>"
    return f"<{len(raw)} bytes of {content_type.partition(';')[0] or 'no media type'}>"


def _shape(value: Any, member: str) -> Any:
    if isinstance(value, dict):
        return {name[:60]: _shape(item, name) for name, item in list(value.items())[:60]}
    if isinstance(value, list):
        rest = len(value) - _MOST_ITEMS
        shown = [_shape(item, member) for item in value[:_MOST_ITEMS]]
        return [*shown, f"<{rest} more>"] if rest > 0 else shown
    if isinstance(value, bool) or value is None or (member == "status" and isinstance(value, int)):
        return value
    if isinstance(value, str):
        return value if member in _SPOKEN and _CODE.match(value) else f"<string of {len(value)}>"
    return "<number>"
