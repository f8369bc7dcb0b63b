"""One call of an operation, made ready before anything is sent, so that every retry sends the same."""

import re
import secrets
from dataclasses import dataclass, field
from typing import Any, Self

from mpex_client._errors import ConfigurationError
from mpex_client._generated.operations import OPERATIONS
from mpex_client._operations import Operation
from mpex_client.document import to_json

__all__ = ["Call", "new_idempotency_key"]

_KEY = re.compile(r"[A-Za-z0-9_-]{16,128}")


def new_idempotency_key() -> str:
    """Return a fresh `Idempotency-Key`."""
    return secrets.token_urlsafe(24)


@dataclass(frozen=True, slots=True)
class Call:
    """An operation with its parameters, body and headers; `repeatable` says that it may arrive twice."""

    operation: Operation
    repeatable: bool
    path: dict[str, str] = field(default_factory=dict)
    query: dict[str, str] = field(default_factory=dict)
    content: bytes | None = None
    headers: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        operation_id: str,
        *,
        path: dict[str, str] | None = None,
        query: dict[str, Any] | None = None,
        body: Any = None,
        if_match: str | None = None,
        idempotency_key: str | None = None,
        repeatable: bool = False,
    ) -> Self:
        """Make the call of `operation_id`; an idempotency key is made here, once, when one is needed.

        `body` is a mapping or a typed view. `repeatable=True` adds to what the contract says.
        """
        operation = OPERATIONS[operation_id]
        headers = {} if body is None else {"Content-Type": "application/json"}
        if if_match is not None:
            headers["If-Match"] = if_match
        if operation.keyed:
            headers["Idempotency-Key"] = _checked(idempotency_key or new_idempotency_key())
        given = {name: str(value) for name, value in (query or {}).items() if value is not None}
        content = None if body is None else to_json(body)
        return cls(operation, operation.repeatable or repeatable, path or {}, given, content, headers)


def _checked(key: str) -> str:
    if not _KEY.fullmatch(key):
        raise ConfigurationError("an idempotency key has 16 to 128 characters of A-Z, a-z, 0-9, - and _")
    return key
