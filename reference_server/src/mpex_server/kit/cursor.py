"""Opaque page cursors: sealed, and bound to the client and the operation that received them."""

from typing import Any

from mpex_server.kit import aead, base64url, strict_json


class CursorError(ValueError):
    """The cursor was altered or was given to another client or by another operation."""


def encode(key: bytes, position: dict[str, Any], *, client_id: str, operation: str) -> str:
    """Return the cursor that stands for `position`."""
    return base64url.encode(aead.seal(key, strict_json.dumps(position), _context(client_id, operation)))


def decode(key: bytes, cursor: str, *, client_id: str, operation: str) -> dict[str, Any]:
    """Return the position; raises CursorError."""
    try:
        position = strict_json.loads(
            aead.unseal(key, base64url.decode(cursor), _context(client_id, operation))
        )
    except ValueError as error:
        raise CursorError("the cursor is not one of this client and operation") from error
    if not isinstance(position, dict):
        raise CursorError("the cursor holds no position")
    return position


def _context(client_id: str, operation: str) -> bytes:
    return f"cursor|{operation}|{client_id}".encode()
