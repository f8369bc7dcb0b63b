"""One bounded HTTP exchange with a partner: no redirect, no proxy, short times, small answers."""

import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import httpx2

from mpex_server.kit import strict_json
from mpex_server.kit.clock import Clock
from mpex_server.peers import guard
from mpex_server.peers.errors import UnreachableError, UnsoundAnswerError

_TIMES = httpx2.Timeout(connect=3.0, read=10.0, write=10.0, pool=5.0)
# A partner that sends a byte now and then would otherwise hold a thread for days.
_LONGEST_SECONDS = 30.0
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
        self._clock = clock
        self._client = httpx2.Client(
            verify=_trusted(), timeout=_TIMES, follow_redirects=False, trust_env=False
        )

    def send(
        self, method: str, url: str, *, headers: Mapping[str, str], content: bytes | None = None
    ) -> Answer:
        """Send one request and read the answer up to 2 MiB; raises UnreachableError, UnsoundAnswerError."""
        sent = {"accept-encoding": "identity", **headers}
        try:
            guard.check(url.partition("?")[0], sandbox=self._sandbox)
            with self._client.stream(method, url, headers=sent, content=content) as response:
                return Answer(response.status_code, self._body(response), response.headers)
        except (httpx2.HTTPError, httpx2.InvalidURL, OSError, guard.ForbiddenAddressError) as error:
            raise UnreachableError("the partner cannot be reached") from error

    def _body(self, response: httpx2.Response) -> bytes:
        ends, body = self._clock.monotonic() + _LONGEST_SECONDS, b""
        if response.headers.get("content-encoding", "identity") != "identity":
            raise UnsoundAnswerError("the answer is compressed")
        for part in response.iter_raw():
            body += part
            if len(body) > _MAX_BYTES:
                raise UnsoundAnswerError("the answer is too long")
            if self._clock.monotonic() > ends:
                raise UnreachableError("the answer takes too long")
        return body

    def close(self) -> None:
        """Release the connections."""
        self._client.close()


@lru_cache(maxsize=1)
def _trusted() -> ssl.SSLContext:
    """Return the one context of this process: reading the trusted authorities takes long."""
    return httpx2.create_ssl_context(trust_env=False)
