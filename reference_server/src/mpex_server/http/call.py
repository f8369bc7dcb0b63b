"""A request as read from the wire, and a reply before it is put on the wire."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from mpex_spec.message_signatures import Request

from mpex_server.errors import Problem
from mpex_server.http.spec import Operation
from mpex_server.node import Node


@dataclass(slots=True)
class Call:
    """One request to one operation. `body` is a Problem when it was too large, so that 401 goes first.

    `verified` is the request as a partner signed it, once that is known: its answer is signed as well.
    """

    node: Node
    operation: Operation
    request_id: str
    raw_path: str
    path: Mapping[str, str]
    query: str
    headers: Mapping[str, list[str]]
    body: bytes | Problem
    verified: Request | None = None

    def header(self, name: str) -> str | None:
        """Return the header's value, repeated fields joined by a comma, or None."""
        values = self.header_values(name)
        return ", ".join(values) if values else None

    def header_values(self, name: str) -> list[str]:
        """Return each field of a header; names are compared without regard to case."""
        return self.headers.get(name.lower(), [])


def fields_of(raw: Iterable[tuple[bytes, bytes]]) -> dict[str, list[str]]:
    """Return the values of each header field of a request by its name in lower case."""
    fields: dict[str, list[str]] = {}
    for name, value in raw:
        fields.setdefault(name.decode("latin-1").lower(), []).append(value.decode("latin-1"))
    return fields


@dataclass(slots=True)
class Reply:
    """What a handler answers. `document_id` is what an idempotent creation made, for later replays."""

    status: int = 200
    body: dict[str, Any] | bytes | str | None = None
    headers: dict[str, str] = field(default_factory=dict)
    etag: str | None = None
    media_type: str = "application/json"
    document_id: str | None = None
