"""The ASGI application of a node: request identifiers, headers, what is observed, and the time grid.

No framework stands between the server and an endpoint: its layers cost a read half of its time.
"""

import uuid
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager

from mpex_spec.message_signatures import CONTENT_DIGEST, content_digest

from mpex_server.errors import Problem
from mpex_server.http import answers, asgi
from mpex_server.http.answers import Answer
from mpex_server.http.asgi import Headers, Receive, Scope, Send
from mpex_server.http.endpoint import Exchange, PathEndpoint, signed
from mpex_server.http.logs import AccessLog
from mpex_server.http.paths import Paths
from mpex_server.kit import timegrid
from mpex_server.node import Node

_HEADERS = (
    (b"cache-control", b"no-store"),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
)
_OF_A_BODY = frozenset({b"content-length", b"transfer-encoding"})
_NO_BODY = frozenset({204, 304})
_UNKNOWN = 404


class Edge:
    """Serves a node; partner searches and every 404 leave on the time grid of its settings."""

    def __init__(
        self,
        node: Node,
        paths: Paths[PathEndpoint],
        life: Callable[[], AbstractAsyncContextManager[None]],
    ) -> None:
        self.node = node
        self._paths = paths
        self._life = life
        self._grid = node.settings.search_hold_seconds
        self._log = AccessLog(node.settings.log_level)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request, or the life of the server process."""
        if scope["type"] == "lifespan":
            await asgi.live(receive, send, self._life())
            return
        unread = any(name in _OF_A_BODY and value != b"0" for name, value in scope["headers"])
        clock = self.node.clock
        exchange = Exchange(f"urn:uuid:{uuid.uuid4()}", clock.monotonic(), clock.now().timestamp(), unread)
        with self.node.traces.root("request") as span:
            try:
                answer = await self._answer(exchange, scope, receive)
                exchange.status, exchange.problem = answer.status, answer.problem
                await self._leave(exchange, answer, send)
            finally:
                span.says(status=exchange.status, operation=exchange.operation)
                self._note(exchange)

    async def _answer(self, exchange: Exchange, scope: Scope, receive: Receive) -> Answer:
        found = self._paths.find(scope["path"])
        if found is None:
            answer = answers.of_problem(Problem("notFound"), exchange.request_id)
        else:
            endpoint, path = found
            answer = await endpoint.answer(exchange, path, scope, receive)
        if _on_grid(exchange, answer.status):
            answer.body = timegrid.padded(answer.body)
        # Before the wait for the grid, which hides how long it takes.
        return _digested(answer if exchange.verified is None else await signed(self.node, exchange, answer))

    async def _leave(self, exchange: Exchange, answer: Answer, send: Send) -> None:
        if _on_grid(exchange, answer.status):
            await self._wait(exchange.arrival)
        await asgi.answer(send, answer.status, _headers(exchange, answer), answer.body)

    async def _wait(self, arrival: float) -> None:
        if self._grid:
            now = self.node.clock.monotonic()
            await self.node.clock.sleep(timegrid.departure(arrival, now, self._grid) - now)

    def _note(self, exchange: Exchange) -> None:
        clock = self.node.clock
        seconds = clock.monotonic() - exchange.arrival
        measured = None if _on_grid(exchange, exchange.status) else seconds
        self.node.metrics.request(exchange.operation, exchange.status, exchange.problem, measured)
        self._log.note(
            clock.now(),
            request_id=exchange.request_id,
            operation=exchange.operation,
            status=exchange.status,
            milliseconds=round(seconds * 1000, 1),
        )


def _on_grid(exchange: Exchange, status: int) -> bool:
    return exchange.on_grid or status == _UNKNOWN


def _digested(answer: Answer) -> Answer:
    """Return an answer with the digest of its body (WIRE-014); one that is signed has it already."""
    name, digest = CONTENT_DIGEST.encode(), content_digest(answer.body)
    if digest and all(given != name for given, _ in answer.headers):
        answer.headers.append((name, digest.encode()))
    return answer


def _headers(exchange: Exchange, answer: Answer) -> Headers:
    headers = [(b"x-request-id", exchange.request_id.encode())]
    if answer.status not in _NO_BODY:
        headers.append((b"content-length", str(len(answer.body)).encode()))
    if exchange.unread:
        # The server would read what was not asked for to its end, however long, to keep the connection.
        headers.append((b"connection", b"close"))
    given = {name for name, _ in answer.headers}
    return [*answer.headers, *(field for field in _HEADERS if field[0] not in given), *headers]
