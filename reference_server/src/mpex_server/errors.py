"""Errors that become answers.

Problem       RFC 9457; carries a code of the codelist `problemTypes`
PlainError    a JSON body that another RFC prescribes (RFC 8935 for events)
├── OAuthError    token endpoint: RFC 6749 §5.2, RFC 9449 §5, RFC 9396 §5
└── UnknownSignerError    an event that rests on a key which is not known of a partner
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from mpex_server.kit import jws

_UNAUTHORIZED = 401
CHALLENGE = f'DPoP algs="{" ".join(jws.ALGORITHMS)}"'
"""What an answer with status 401 has at least (RFC 9110, section 15.5.2)."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One wrong place of a request: JSON Pointer, header or parameter name, and what is expected there."""

    pointer: str
    detail: str


class Problem(Exception):  # noqa: N818 - the name that RFC 9457 gives it
    """An answer that is not a success; never carries a value of the request or of a record."""

    def __init__(
        self,
        code: str,
        detail: str | None = None,
        *,
        faults: Sequence[Fault] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        """Refuse; the act is rolled back, and `stays` may be set to what stands all the same.

        What stands may give another refusal, which is answered in place of this one.
        """
        super().__init__(code)
        self.code = code
        self.detail = detail
        self.faults = tuple(faults)
        self.headers = dict(headers or {})
        self.stays: Callable[[Connection], Problem | None] | None = None


class PlainError(Exception):
    """An answer whose error format another RFC fixes."""

    def __init__(
        self, status: int, body: Mapping[str, Any], headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(status)
        self.status = status
        self.body = dict(body)
        self.headers = dict(headers or {})


class OAuthError(PlainError):
    """Refusal of the token endpoint."""

    def __init__(self, error: str, description: str, *, status: int = 400, trust_fault: str = "") -> None:
        """Refuse; `trust_fault` is why the node does not trust a partner that said who it is."""
        told = {"trust_fault": trust_fault} if trust_fault else {}
        challenge = {"WWW-Authenticate": CHALLENGE} if status == _UNAUTHORIZED else {}
        super().__init__(status, {"error": error, "error_description": description, **told}, challenge)
        self.error = error


class UnknownSignerError(PlainError):
    """An event rests on a key of a node that is not known of it; what it says of itself today may name it."""

    def __init__(self, refusal: PlainError, node_id: str) -> None:
        """Refuse as `refusal` does."""
        super().__init__(refusal.status, refusal.body, refusal.headers)
        self.node_id = node_id


def not_found() -> Problem:
    """Return the one answer for what does not exist and for what the caller may not know to exist."""
    return Problem("notFound")
