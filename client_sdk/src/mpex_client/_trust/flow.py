"""What the readers of this package ask for, and what they get: documents at addresses."""

import json
from collections.abc import Generator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar
from urllib.parse import urlencode

from mpex_client._errors import ProtocolError, TransportError, TrustError

__all__ = ["Ask", "Flow", "Got", "published", "strict_json"]

Result = TypeVar("Result")
_NOT_FOUND, _OK = 404, 200


@dataclass(frozen=True, slots=True)
class Ask:
    """A document that is needed; with a `form`, what is posted for it."""

    url: str
    form: Mapping[str, str] | None = None

    @property
    def method(self) -> str:
        """The method of the request."""
        return "GET" if self.form is None else "POST"

    @property
    def content(self) -> bytes | None:
        """The body of the request."""
        return None if self.form is None else urlencode(self.form).encode()


@dataclass(frozen=True, slots=True)
class Got:
    """An answer of any status; names of fields are in lower case."""

    status: int
    body: bytes
    fields: Mapping[str, str] = field(default_factory=dict)


Flow = Generator[Ask, Got, Result]
"""Yields what is needed, and returns what it made of it.

It is sent what came, or thrown a TransportError or a ProtocolError.
"""


def published(url: str, form: Mapping[str, str] | None = None) -> Flow[str]:
    """Return the text that an entity publishes; raises TrustError."""
    try:
        got = yield Ask(url, form)
        if got.status == _OK:
            return got.body.decode("ascii")
    except (TransportError, ProtocolError, UnicodeDecodeError) as error:
        raise TrustError("unreachable", url, "no sound answer comes") from error
    reason = "notFound" if got.status == _NOT_FOUND else "unreachable"
    raise TrustError(reason, url, f"the answer has status {got.status}")


def strict_json(text: bytes) -> Any:
    """Return the value of a JSON text; ValueError also for a member that is there twice, or too deep."""
    try:
        return json.loads(text, object_pairs_hook=_once, parse_constant=_refused)
    except RecursionError:
        raise ValueError("values are nested too deep") from None


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError("a member is there twice")
    return members


def _refused(name: str) -> None:
    raise ValueError(f"{name} is no number of JSON")
