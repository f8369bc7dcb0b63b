"""What a scanner is told of the interface beyond its document; the scanner loads this file.

A valid idempotency key is made fresh, or every body after the first would be a repetition; a valid entity tag
becomes the one last seen at its address, or nothing would ever change; and what was found under an identifier
is asked for as another partner, which finds nothing.
"""

import uuid
from typing import Any
from urllib.parse import urlsplit

import schemathesis

_IDENTITY, _ANOTHER = "X-Test-Identity", "two"
# Every partner reads the log.
_SHARED = "/v1/log/"
_REFUSED = frozenset({401, 403, 404})
_SEEN: dict[str, str] = {}


@schemathesis.hook
def before_call(
    _context: schemathesis.HookContext, case: schemathesis.Case[Any], _kwargs: dict[str, Any]
) -> None:
    """Let valid headers have their effect; invalid ones stay as they were generated."""
    meta = case.meta
    if meta is None or any(
        part.value == "header" and info.mode.is_negative for part, info in meta.components.items()
    ):
        return
    if "Idempotency-Key" in case.headers:
        case.headers["Idempotency-Key"] = uuid.uuid4().hex
    if "If-Match" in case.headers:
        case.headers["If-Match"] = _SEEN.get(case.formatted_path, case.headers["If-Match"])


@schemathesis.hook
def after_call(
    _context: schemathesis.HookContext, case: schemathesis.Case[Any], response: schemathesis.Response
) -> None:
    """Remember the entity tag of what was read, made or changed."""
    tag = response.headers.get("etag")
    if tag:
        place = response.headers.get("location", [case.formatted_path])[0]
        _SEEN[urlsplit(place).path] = tag[0]


@schemathesis.serializer("application/secevent+jwt")
def text_of(_context: schemathesis.SerializationContext, value: Any) -> bytes:
    """Send what stands for an event token as it is."""
    return value if isinstance(value, bytes) else str(value).encode()


@schemathesis.check
def nothing_for_another(
    _context: schemathesis.CheckContext, response: schemathesis.Response, case: schemathesis.Case[Any]
) -> None:
    """Ask again as another partner for what was found under an identifier."""
    if not case.path_parameters or case.formatted_path.startswith(_SHARED) or response.status_code >= 300:
        return
    status = case.call(headers={_IDENTITY: _ANOTHER}).status_code
    if status not in _REFUSED:
        raise AssertionError(f"another partner is answered with {status} and not refused")
