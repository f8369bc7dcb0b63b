"""What clients cost that drip, that do not read, whose heads do not end, or that are too many."""

import asyncio
import socket
import time
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

import pytest
import uvicorn
from mpex_server.http.connection import BoundedConnection
from mpex_server.settings import Settings
from mpex_server.setup import serve

_SECONDS, _CONNECTIONS = 0.3, 4
_GET = b"GET / HTTP/1.1\r\nhost: node\r\n\r\n"
_LONG_ANSWER = b"." * (64 << 20)
Client = tuple[asyncio.StreamReader, asyncio.StreamWriter]


async def _application(scope: Any, receive: Any, send: Any) -> None:
    """Answer when the whole request is here; /long gives an answer that no buffer takes."""
    while (message := await receive())["type"] == "http.request" and message["more_body"]:
        pass
    body = _LONG_ANSWER if scope["path"] == "/long" else b"whole"
    length = str(len(body)).encode()
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", length)]})
    await send({"type": "http.response.body", "body": body})


def serving(test: Callable[[Callable[[], Awaitable[Client]]], Awaitable[None]]) -> None:
    """Run a test beside a server with narrow bounds; it is given a way to connect."""
    http: Any = partial(BoundedConnection, connections=_CONNECTIONS, request_seconds=_SECONDS)
    config = uvicorn.Config(_application, http=http, ws="none", lifespan="off", log_config=None)
    server = uvicorn.Server(config)
    sock = serve.bind("127.0.0.1", 0)

    async def run() -> None:
        running = asyncio.create_task(server.serve([sock]))
        await asyncio.wait_for(test(lambda: asyncio.open_connection(*sock.getsockname())), 20)
        server.should_exit = True
        await running

    asyncio.run(run())
    sock.close()


async def dripping(client: Client, start: bytes) -> bytes | None:
    """Send a byte now and then until the server closes; return what it said, None if a drop came too late."""
    reader, writer = client
    writer.write(start)
    answer = asyncio.create_task(reader.read())
    while not (await asyncio.wait([answer], timeout=_SECONDS / 10))[0]:
        writer.write(b"x" if start else b"")
    writer.close()
    return None if isinstance(answer.exception(), ConnectionError) else answer.result()


@pytest.mark.parametrize(
    "start",
    [
        b"",
        b"GET / HTTP/1.1\r\nslow: ",
        b"POST / HTTP/1.1\r\nhost: node\r\ncontent-length: 1000\r\n\r\n",
        _GET + b"POST / HTTP/1.1\r\nhost: node\r\ncontent-length: 1000\r\n\r\n",
    ],
    ids=["nothing", "head", "body", "body of a second request"],
)
def test_a_request_that_drips_ends_in_time(start: bytes) -> None:
    async def test(connect: Callable[[], Awaitable[Client]]) -> None:
        began = time.monotonic()
        answer = await dripping(await connect(), start)
        assert answer is None or answer.rpartition(b"HTTP/1.1 ")[2].startswith(b"408 ")
        assert _SECONDS * 0.9 < time.monotonic() - began < 10

    serving(test)


def test_an_answer_that_nobody_reads_is_given_up() -> None:
    async def test(connect: Callable[[], Awaitable[Client]]) -> None:
        reader, writer = await connect()
        writer.write(_GET.replace(b"/ ", b"/long "))
        await reader.read(1)
        await asyncio.sleep(4 * _SECONDS)
        with pytest.raises((ConnectionError, asyncio.IncompleteReadError)):
            await reader.readexactly(len(_LONG_ANSWER))
        writer.close()

    serving(test)


def test_a_head_without_end_is_refused() -> None:
    async def test(connect: Callable[[], Awaitable[Client]]) -> None:
        reader, writer = await connect()
        writer.write(b"GET / HTTP/1.1\r\n" + b"field: value\r\n" * 10_000)
        assert (await reader.read(12)).endswith(b"431")
        writer.close()

    serving(test)


def test_more_connections_than_allowed_are_closed_and_others_are_not() -> None:
    async def test(connect: Callable[[], Awaitable[Client]]) -> None:
        clients = [await connect() for _ in range(_CONNECTIONS)]
        await asyncio.sleep(0.05)
        reader, writer = await connect()
        assert await reader.read() == b""
        writer.close()
        for reader, writer in clients:
            writer.write(_GET)
            assert (await reader.read(12)).endswith(b"200")
            writer.close()
        await asyncio.sleep(0.05)
        reader, writer = await connect()
        writer.write(_GET)
        assert (await reader.read(12)).endswith(b"200")
        writer.close()

    serving(test)


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_more_workers_than_the_database_serves_are_refused_at_the_start(settings: Settings) -> None:
    with socket.socket() as sock, pytest.raises(SystemExit, match=r"384 connections.*max_connections"):
        serve.run(settings, sock, workers=64)
