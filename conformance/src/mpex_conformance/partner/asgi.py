"""The least ASGI that a mock needs, and a server for it in a thread of its own."""

import json
import threading
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

import uvicorn

IDLE_SECONDS = 10
"""How long a connection may be idle: longer than HTTP libraries keep one, or they meet one just closed."""

Message = dict[str, Any]
Scope = dict[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]


class PortTakenError(RuntimeError):
    """The address that a mock must listen on is not free."""


@dataclass(frozen=True, slots=True)
class Request:
    """One request, read whole; ``target`` is its path and query as sent."""

    method: str
    path: str
    target: str
    headers: dict[str, str]
    body: bytes

    def authorization_details(self) -> Any:
        """Return the authorization details of a token request, or an empty list."""
        given = parse_qs(self.body.decode("utf-8", "replace")).get("authorization_details", ["[]"])
        try:
            return json.loads(given[0])
        except ValueError:
            return []


@dataclass(frozen=True, slots=True)
class Reply:
    """One reply; a body of None is empty, and a text is sent as it is. `fields` are further header fields."""

    status: int
    body: Any
    fields: Mapping[str, str] = field(default_factory=dict)

    @property
    def raw(self) -> bytes:
        """Return the body as sent."""
        if isinstance(self.body, str):
            return self.body.encode()
        return b"" if self.body is None else json.dumps(self.body).encode()

    @property
    def media_type(self) -> bytes:
        """Return the media type that the status asks for."""
        return b"application/problem+json" if self.status == 404 else b"application/json"


async def read(receive: Receive) -> bytes:
    """Return the whole request body."""
    body, more = b"", True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            break
        body += message.get("body", b"")
        more = message.get("more_body", False)
    return body


async def write(send: Send, status: int, headers: list[tuple[bytes, bytes]], body: bytes) -> None:
    """Send a whole response."""
    sized = [*headers, (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": sized})
    await send({"type": "http.response.body", "body": body})


def app(handle: Callable[[Request], Reply], signed: Callable[[Request, Reply], dict[str, str]]) -> App:
    """Return an ASGI app that answers with ``handle`` and adds the fields that ``signed`` makes."""

    async def application(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        query = scope["query_string"].decode("latin-1")
        target = scope["raw_path"].decode("latin-1") + (f"?{query}" if query else "")
        request = Request(scope["method"], scope["path"], target, headers, await read(receive))
        reply = handle(request)
        added = {**reply.fields, **signed(request, reply)}
        fields = [(name.lower().encode(), value.encode()) for name, value in added.items()]
        await write(send, reply.status, [(b"content-type", reply.media_type), *fields], reply.raw)

    return application


class Server:
    """Serves an ASGI app on a loopback address, in a thread, until closed."""

    def __init__(self, application: App, url: str, *, lifespan: bool = False) -> None:
        address = urlsplit(url)
        config = uvicorn.Config(
            application,
            host=address.hostname or "127.0.0.1",
            port=address.port or 0,
            log_level="critical",
            access_log=False,
            lifespan="on" if lifespan else "off",
            timeout_keep_alive=IDLE_SECONDS,
            timeout_graceful_shutdown=1,
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._run, daemon=True, name="mpex-conformance-server")
        self._thread.start()
        while not self._server.started:
            if not self._thread.is_alive():
                raise PortTakenError(f"nothing can be served at {url}; is the port in use?")
            time.sleep(0.01)

    def _run(self) -> None:
        try:
            self._server.run()
        except SystemExit:
            return

    @property
    def port(self) -> int:
        """Return the port in use."""
        return int(self._server.servers[0].sockets[0].getsockname()[1])

    def close(self) -> None:
        """Stop serving and wait for the thread."""
        self._server.should_exit = True
        self._thread.join(5)
