"""What came back: a successful answer, or the error that says why there is none."""

import email.utils
import json
import ssl
from dataclasses import dataclass
from typing import Any

import httpx2

from mpex_client import _errors
from mpex_client._clock import utc_now
from mpex_client._generated.problems import BY_CODE
from mpex_client.document import Document

__all__ = ["Answer", "failure", "problem", "retry_after"]

_PREFIX = "urn:mpex:problem:"
_NEVER_SENT = (httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.PoolTimeout)


@dataclass(frozen=True, slots=True)
class Answer:
    """A successful answer: status, headers and body."""

    status: int
    headers: httpx2.Headers
    content: bytes

    def document(self, schema: str) -> Document[Any]:
        """Return the body as a document of `schema`; _errors.ProtocolError when it is not a JSON object."""
        body = _read(self.content)
        if body is None:
            raise _errors.ProtocolError(f"the answer is not a JSON object, as {schema} is")
        return Document(body, schema=schema, etag=self.headers.get("ETag"))

    def text(self) -> str:
        """Return the body as text."""
        return self.content.decode("utf-8", errors="replace").rstrip(" ")


def problem(status: int, content: bytes, retry_after: float | None) -> _errors.MpexError:
    """Return the error for an answer that is no success: the class of its problem type, if it has one."""
    body = _read(content)
    if body is None:
        return _errors.ProblemError(status, {}, retry_after=retry_after)
    code = str(body.get("type", "")).removeprefix(_PREFIX)
    return BY_CODE.get(code, _errors.ProblemError)(status, body, retry_after=retry_after)


def failure(error: httpx2.RequestError) -> _errors.TransportError:
    """Return the error for a request that got no answer. It names no address: those may carry parameters."""
    sent = not isinstance(error, _NEVER_SENT)
    if isinstance(error, httpx2.TimeoutException):
        return _errors.TimeoutError("the node did not answer in time", sent=sent)
    if certificate := _certificate_fault(error):
        text = f"the node's certificate is refused: {certificate}"
        return _errors.TransportError(text, sent=False, certificate=certificate)
    text = "the connection to the node broke off" if sent else "the node cannot be reached"
    return _errors.TransportError(text, sent=sent)


def _certificate_fault(error: BaseException | None) -> str:
    while error is not None:
        if isinstance(error, ssl.SSLCertVerificationError):
            return error.verify_message
        if isinstance(error, ssl.SSLError):
            return "no secured connection comes about"
        error = error.__cause__ or error.__context__
    return ""


def retry_after(headers: httpx2.Headers) -> float | None:
    """Return the seconds of a Retry-After header, which gives seconds or a date (RFC 9110 §10.2.3)."""
    value = headers.get("Retry-After", "")
    if value.isascii() and value.isdigit():
        return float(value)
    try:
        moment = email.utils.parsedate_to_datetime(value)
    except ValueError:
        return None
    return max(0.0, (moment - utc_now()).total_seconds())


def _read(content: bytes) -> dict[str, Any] | None:
    try:
        body = json.loads(content)
    except ValueError:
        return None
    return body if isinstance(body, dict) else None
