"""Edge middleware: request identifier, headers, access log, and the time grid of what must look alike."""

import uuid
from typing import Any

import structlog
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from mpex_server.kit import timegrid
from mpex_server.kit.clock import Clock

_log = structlog.get_logger("mpex.access")
_HEADERS = (
    (b"cache-control", b"no-store"),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
)
_OF_A_BODY = frozenset({b"content-length", b"transfer-encoding"})


class Edge:
    """Wraps the application; `grid_seconds` is the tick of partner searches and of every 404."""

    def __init__(self, app: ASGIApp, *, clock: Clock, grid_seconds: float) -> None:
        self._app = app
        self._clock = clock
        self._grid = grid_seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        state = scope.setdefault("state", {})
        state.update(request_id=f"urn:uuid:{uuid.uuid4()}", arrival=self._clock.monotonic(), operation=None)
        state["unread"] = any(name in _OF_A_BODY and value != b"0" for name, value in scope["headers"])
        exchange = _Exchange(state, send, self._clock, self._grid)
        try:
            await self._app(scope, receive, exchange.send)
        finally:
            _log.info(
                "request",
                request_id=state["request_id"],
                operation=state["operation"],
                status=exchange.status,
                milliseconds=round((self._clock.monotonic() - state["arrival"]) * 1000, 1),
            )


class _Exchange:
    """Holds an answer back when it must leave on the grid, otherwise passes it on."""

    def __init__(self, state: dict[str, Any], send: Send, clock: Clock, grid: float) -> None:
        self._state = state
        self._send = send
        self._clock = clock
        self._grid = grid
        self._start: Message | None = None
        self._body = b""
        self.status = 0

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            await self._begin(message)
        elif self._start is None:
            await self._send(message)
        else:
            self._body += message.get("body", b"")
            if not message.get("more_body", False):
                await self._leave(self._start)

    async def _begin(self, message: Message) -> None:
        self.status = message["status"]
        given = list(message["headers"])
        names = {name for name, _ in given}
        given += [header for header in _HEADERS if header[0] not in names]
        if self._state["unread"]:
            # The server would read what was not asked for to its end, however long, to keep the connection.
            given.append((b"connection", b"close"))
        message["headers"] = [*given, (b"x-request-id", self._state["request_id"].encode())]
        if self.status == 404 or self._state.get("on_grid"):
            self._start = message
        else:
            await self._send(message)

    async def _leave(self, start: Message) -> None:
        body = timegrid.padded(self._body)
        MutableHeaders(scope=start)["Content-Length"] = str(len(body))
        if self._grid:
            now = self._clock.monotonic()
            await self._clock.sleep(timegrid.departure(self._state["arrival"], now, self._grid) - now)
        await self._send(start)
        await self._send({"type": "http.response.body", "body": body})
