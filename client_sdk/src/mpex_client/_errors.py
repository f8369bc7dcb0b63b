"""The errors of this package. No text of an exception carries a value of a record.

MpexError
  ConfigurationError     a profile, key or argument cannot be used
  TransportError         the node was not reached, or broke off
    TimeoutError         it did not answer in time
  ProtocolError          the node's answer is not what the standard says
  TokenRefusedError      the token endpoint refused (RFC 6749); `code` says why
  ProblemError           the node answered with a problem document (RFC 9457)
    MalformedJson, ActionNotAllowed, NotFound, …   one class per code of the list `problemTypes`
  VerificationError      a checkpoint or a proof of the log does not hold
  TrustError             a node is not trusted; `reason` is a code of the list `trustFaults`
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

__all__ = [
    "ConfigurationError",
    "MpexError",
    "Place",
    "ProblemError",
    "ProtocolError",
    "TimeoutError",
    "TokenRefusedError",
    "TransportError",
    "TrustError",
    "VerificationError",
]


class MpexError(Exception):
    """Everything that this package raises on purpose."""


class ConfigurationError(MpexError):
    """A profile, key or argument cannot be used; the text says which and what to do."""


class TransportError(MpexError):
    """The node was not reached or broke off; `sent` is false when it certainly saw nothing.

    `certificate` says what is wrong with the certificate that the node shows; empty for another cause.
    """

    def __init__(self, text: str, *, sent: bool = True, certificate: str = "") -> None:
        super().__init__(text)
        self.sent = sent
        self.certificate = certificate


class TimeoutError(TransportError):  # noqa: A001 - the name that users of an HTTP library look for
    """The node did not answer in time."""


class ProtocolError(MpexError):
    """The answer is not what the standard says."""


class VerificationError(MpexError):
    """A signature, checkpoint or proof does not hold."""


class TrustError(MpexError):
    """A node is not trusted, for a reason that lies at one `entity`: the node, or one above it.

    `node` is whom one asked about, `anchor` the one that was to lead to it, and `mark` the type of the mark
    that does not hold; empty where there is none.
    """

    def __init__(self, reason: str, entity: str, detail: str) -> None:
        super().__init__(reason, entity, detail)
        self.reason = reason
        self.entity = entity
        self.detail = detail
        self.node = entity
        self.anchor = ""
        self.mark = ""

    def __str__(self) -> str:
        mark = f", mark {self.mark}" if self.mark else ""
        place = f", at {self.entity}" if self.entity != self.node else ""
        return f"{self.node} is not trusted: {self.detail}{mark}{place} ({self.reason})"


class TokenRefusedError(MpexError):
    """The token endpoint refused; `code` is the RFC 6749 error, `description` the node's words.

    `trust_fault` is a code of the list `trustFaults`: why the node does not trust a partner; else empty.
    """

    def __init__(self, code: str, description: str, *, status: int, trust_fault: str = "") -> None:
        super().__init__(f"the token endpoint refused: {code}")
        self.code = code
        self.description = description
        self.trust_fault = trust_fault
        self.status = status


@dataclass(frozen=True, slots=True)
class Place:
    """Where the input is wrong: a JSON Pointer, header or parameter, and what is wrong there."""

    pointer: str
    detail: str


class ProblemError(MpexError):
    """A problem document. The text has only words of the standard; `detail` and `errors` are the node's."""

    code: ClassVar[str] = ""
    title: ClassVar[str] = "The node refused"
    remedy: ClassVar[str] = "Read the problem document."

    def __init__(self, status: int, problem: Mapping[str, Any], *, retry_after: float | None = None) -> None:
        self.status = status
        self.type = str(problem.get("type", "about:blank"))
        self.detail = str(problem.get("detail", ""))
        self.node_remedy = str(problem.get("remedy", ""))
        self.request_id = str(problem.get("instance", ""))
        self.errors = tuple(_places(problem.get("errors")))
        self.retry_after = retry_after
        name = self.code or "an unknown problem type"
        super().__init__(f"{status} {name}: {self.title}. {self.remedy}")


def _places(errors: object) -> Sequence[Place]:
    entries = errors if isinstance(errors, list) else []
    return [
        Place(str(entry.get("pointer", "")), str(entry.get("detail", "")))
        for entry in entries
        if isinstance(entry, dict)
    ]
