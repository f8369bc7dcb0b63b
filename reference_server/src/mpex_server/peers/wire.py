"""One bounded HTTP exchange with a partner: no redirect, no proxy, short times, small answers."""

import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import httpx2

from mpex_server.kit import strict_json
from mpex_server.peers import guard
from mpex_server.peers.errors import UnreachableError, UnsoundAnswerError

_TIMES = httpx2.Timeout(connect=3.0, read=10.0, write=10.0, pool=5.0)
_MAX_BYTES = 2 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Answer:
    """Status and body of an answer."""

    status: int
    body: bytes

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

    def __init__(self, *, sandbox: bool) -> None:
        self._sandbox = sandbox
        self._client = httpx2.Client(
            verify=_trusted(), timeout=_TIMES, follow_redirects=False, trust_env=False
        )

    def send(
        self, method: str, url: str, *, headers: Mapping[str, str], content: bytes | None = None
    ) -> Answer:
        """Send one request and read the answer up to 2 MiB; raises UnreachableError, UnsoundAnswerError."""
        try:
            guard.check(url, sandbox=self._sandbox)
            with self._client.stream(method, url, headers=dict(headers), content=content) as response:
                body = b""
                for part in response.iter_bytes():
                    body += part
                    if len(body) > _MAX_BYTES:
                        raise UnsoundAnswerError("the answer is too long")
                return Answer(response.status_code, body)
        except (httpx2.HTTPError, httpx2.InvalidURL, OSError, guard.ForbiddenAddressError) as error:
            raise UnreachableError("the partner cannot be reached") from error

    def close(self) -> None:
        """Release the connections."""
        self._client.close()


@lru_cache(maxsize=1)
def _trusted() -> ssl.SSLContext:
    """Return the one context of this process: reading the trusted authorities takes long."""
    return httpx2.create_ssl_context(trust_env=False)
