"""Plain HTTP to one target: sends bytes as given, bounds time and size, judges and records every answer."""

import time
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

import httpx2

from mpex_conformance.outcomes import CheckFailedError
from mpex_conformance.wire import contract
from mpex_conformance.wire.exchange import Answer, Recorder, Violation

MOST_BYTES = 4 * 1024 * 1024
_IDLE = httpx2.Limits(keepalive_expiry=2)
"""Any node keeps an idle connection longer: a request on one that is just being ended gets no answer."""


@dataclass(slots=True)
class Request:
    """One request, complete: nothing is added but the host and the length."""

    operation: contract.Operation
    path: str
    headers: dict[str, str]
    body: bytes = b""
    proof: str | None = None
    method: str | None = None
    doubts: list[Violation] = field(default_factory=list)


class Wire:
    """Sends requests to ``base_url`` and records each exchange; safe to use from several threads."""

    def __init__(
        self, base_url: str, *, timeout: float, transport: httpx2.BaseTransport | None = None
    ) -> None:
        self.base_url = base_url.rstrip("/")
        self.recorder = Recorder()
        self._timeout = timeout
        self._lock = Lock()
        self._http = httpx2.Client(
            timeout=timeout, transport=transport, limits=_IDLE, follow_redirects=False, trust_env=False
        )

    def send(self, request: Request) -> Answer:
        """Send ``request`` and return the answer; CheckFailedError when none comes in time and in bounds."""
        method = request.method or request.operation.method
        started = time.monotonic()
        status, headers, body = self._exchange(method, request, started)
        with self._lock:
            answer = Answer(
                number=len(self.recorder.answers) + 1,
                operation=request.operation.id,
                status=status,
                headers=headers,
                body=body,
                seconds=time.monotonic() - started,
                proof=request.proof,
                violations=list(request.doubts),
            )
            if request.method is None:
                answer.violations += contract.judge(request.operation, answer)
            record: dict[str, Any] = {
                "method": method,
                "path": request.path,
                "headers": request.headers,
                "body": request.body,
            }
            self.recorder.record(record, answer)
        return answer

    def _exchange(self, method: str, request: Request, started: float) -> tuple[int, dict[str, str], bytes]:
        try:
            with self._http.stream(
                method, self.base_url + request.path, headers=request.headers, content=request.body
            ) as response:
                body = bytearray()
                for chunk in response.iter_bytes():
                    body += chunk
                    if len(body) > MOST_BYTES or time.monotonic() - started > self._timeout:
                        raise CheckFailedError(
                            f"{request.operation.id}: the answer does not end within bounds"
                        )
                headers = {name.lower(): value for name, value in response.headers.items()}
                return response.status_code, headers, bytes(body)
        except (httpx2.HTTPError, httpx2.InvalidURL) as error:
            raise CheckFailedError(f"{request.operation.id}: no answer ({type(error).__name__})") from error

    def close(self) -> None:
        """Close all connections."""
        self._http.close()
