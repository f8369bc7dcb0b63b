"""One bounded HTTP exchange with a partner: no redirect, no proxy, short times, small answers."""

import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import httpcore2
import httpx2

from mpex_server.kit import strict_json
from mpex_server.kit.clock import Clock
from mpex_server.peers import guard
from mpex_server.peers.errors import UnreachableError, UnsoundAnswerError
from mpex_server.peers.patience import Patience

_TIMES = {"timeout": {"connect": 3.0, "read": 10.0, "write": 10.0, "pool": 5.0}}
_CONNECTIONS, _IDLE = 100, 20
_IDLE_SECONDS = 2.0
"""Partners keep idle connections longer: a request on one that is just being ended gets no answer."""
_FAILURES = (
    httpcore2.NetworkError,
    httpcore2.ProtocolError,
    httpcore2.TimeoutException,
    httpx2.InvalidURL,
    OSError,
    guard.ForbiddenAddressError,
)
LONGEST_SECONDS = 30.0
_MAX_BYTES = 2 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Answer:
    """Status, body and header fields of an answer; names of fields are in lower case."""

    status: int
    body: bytes
    fields: Mapping[str, str] = field(default_factory=dict)

    def json(self) -> dict[str, Any]:
        """Return the JSON object of the body; raises UnsoundAnswerError."""
        try:
            value = strict_json.loads(self.body.rstrip(b" "))
        except ValueError as error:
            raise UnsoundAnswerError("the answer is not strict JSON") from error
        if not isinstance(value, dict):
            raise UnsoundAnswerError("the answer is not a JSON object")
        return value


class Wire:
    """A connection pool for partners; safe to use from several threads."""

    def __init__(self, *, sandbox: bool, clock: Clock) -> None:
        self._sandbox = sandbox
        self._patience = Patience(clock, LONGEST_SECONDS)
        self._pool = httpcore2.ConnectionPool(
            ssl_context=_trusted(),
            max_connections=_CONNECTIONS,
            max_keepalive_connections=_IDLE,
            keepalive_expiry=_IDLE_SECONDS,
            network_backend=guard.PublicOnly(self._patience.left, sandbox=sandbox),
        )

    def send(
        self, method: str, url: str, *, headers: Mapping[str, str], content: bytes | None = None
    ) -> Answer:
        """Send one request and read the answer up to 2 MiB; raises UnreachableError, UnsoundAnswerError."""
        sent = {"accept-encoding": "identity", **headers}
        try:
            guard.check(url.partition("?")[0], sandbox=self._sandbox)
            request = httpx2.Request(method, url, headers=sent, content=content)
            with (
                self._patience.exchange(),
                self._pool.stream(
                    method,
                    _place(request.url),
                    headers=request.headers.raw,
                    content=content,
                    extensions=_TIMES,
                ) as response,
            ):
                fields = httpx2.Headers(response.headers)
                return Answer(response.status, _body(response, fields), fields)
        except _FAILURES as error:
            raise UnreachableError("the partner cannot be reached") from error

    def close(self) -> None:
        """Release the connections."""
        self._pool.close()


def _body(response: httpcore2.Response, fields: httpx2.Headers) -> bytes:
    body = b""
    if fields.get("content-encoding", "identity") != "identity":
        raise UnsoundAnswerError("the answer is compressed")
    for part in response.iter_stream():
        body += part
        if len(body) > _MAX_BYTES:
            raise UnsoundAnswerError("the answer is too long")
    return body


def _place(url: httpx2.URL) -> httpcore2.URL:
    return httpcore2.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path)


@lru_cache(maxsize=1)
def _trusted() -> ssl.SSLContext:
    """Return the one context of this process: reading the trusted authorities takes long."""
    context = httpx2.create_ssl_context(trust_env=False)
    context.minimum_version = ssl.TLSVersion.TLSv1_2  # whatever the library or the system allows (NET-003)
    return context
