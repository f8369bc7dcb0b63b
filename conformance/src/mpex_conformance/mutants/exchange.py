"""Wire-level mutants: a mutant is an async function of a request and of the call to the node behind it."""

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Any, Self

from mpex_conformance.partner.asgi import App, Receive, Scope, Send, read


@dataclass(frozen=True, slots=True)
class Request:
    """A request on its way to the node, to be changed with ``replace``."""

    method: str
    path: str
    query: str
    headers: tuple[tuple[str, str], ...]
    body: bytes

    def header(self, name: str) -> str | None:
        """Return the value of a header, or None."""
        return next((value for key, value in self.headers if key == name), None)

    def with_header(self, name: str, value: str | None) -> Self:
        """Return the request with one header set, or without it when ``value`` is None."""
        rest = tuple(item for item in self.headers if item[0] != name)
        return replace(self, headers=rest if value is None else (*rest, (name, value)))

    @property
    def json(self) -> Any:
        """Return the JSON body, or None when it is none."""
        try:
            return json.loads(self.body)
        except ValueError:
            return None

    def with_json(self, value: Any) -> Self:
        """Return the request with another JSON body."""
        return replace(self, body=json.dumps(value, ensure_ascii=False, allow_nan=False).encode())

    def goes_to(self, method: str, *ends: str) -> bool:
        """Return whether the request has this method and a path that ends as given."""
        return self.method == method and self.path.endswith(ends)


@dataclass(frozen=True, slots=True)
class Response:
    """The node's answer on its way back."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes

    @property
    def json(self) -> Any:
        """Return the JSON body, or None when it is none."""
        try:
            return json.loads(self.body)
        except ValueError:
            return None

    def with_json(self, value: Any) -> Self:
        """Return the response with another JSON body, padded to the length that it had."""
        raw = json.dumps(value, ensure_ascii=False).encode()
        return replace(self, body=raw.ljust(len(self.body)) if self.body.endswith(b" ") else raw)

    def with_header(self, name: str, value: str | None) -> Self:
        """Return the response with one header set, or without it when ``value`` is None."""
        rest = tuple(item for item in self.headers if item[0] != name)
        return replace(self, headers=rest if value is None else (*rest, (name, value)))


Call = Callable[[Request], Awaitable[Response]]
Mutant = Callable[[Request, Call], Awaitable[Response]]


async def faithful(request: Request, call: Call) -> Response:
    """Change nothing."""
    return await call(request)


class Switch:
    """ASGI application in front of a node; ``mutant`` decides what becomes of each exchange.

    What a mutant changes it stands for as a part of the node: ``resigned`` signs it anew for its sender.
    """

    def __init__(self, app: App) -> None:
        self._app = app
        self.mutant: Mutant = faithful
        self.resigned: Callable[[Request], Request] = _unchanged

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the mutant handle one exchange; everything else passes."""
        if scope["type"] != "http" or self.mutant is faithful:
            await self._app(scope, receive, send)
            return
        request = Request(
            scope["method"],
            scope["path"],
            scope["query_string"].decode("latin-1"),
            tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in scope["headers"]),
            await read(receive),
        )

        async def call(asked: Request) -> Response:
            return await _call(self._app, scope, asked if asked == request else self.resigned(asked))

        response = await self.mutant(request, call)
        kept = [item for item in response.headers if item[0] != "content-length"]
        raw = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in kept]
        raw.append((b"content-length", str(len(response.body)).encode()))
        await send({"type": "http.response.start", "status": response.status, "headers": raw})
        await send({"type": "http.response.body", "body": response.body})


def _unchanged(request: Request) -> Request:
    return request


async def _call(app: App, scope: Scope, asked: Request) -> Response:
    headers = [item for item in asked.headers if item[0] != "content-length"]
    if asked.body:
        headers.append(("content-length", str(len(asked.body))))
    inner = {
        **scope,
        "query_string": asked.query.encode("latin-1"),
        "headers": [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers],
    }
    messages = iter([{"type": "http.request", "body": asked.body, "more_body": False}])
    start: dict[str, Any] = {}
    body = bytearray()

    async def receive() -> dict[str, Any]:
        return next(messages, {"type": "http.disconnect"})

    async def send(message: dict[str, Any]) -> None:
        if message["type"] == "http.response.start":
            start.update(message)
        else:
            body.extend(message.get("body", b""))

    await app(inner, receive, send)
    raw = tuple((name.decode("latin-1").lower(), value.decode("latin-1")) for name, value in start["headers"])
    return Response(start["status"], raw, bytes(body))
