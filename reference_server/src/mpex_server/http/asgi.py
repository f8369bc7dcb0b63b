"""The part of ASGI 3 that the node speaks: bodies are read whole, answers leave whole."""

from collections.abc import Awaitable, Callable, MutableMapping
from contextlib import AbstractAsyncContextManager
from typing import Any

Message = MutableMapping[str, Any]
Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Headers = list[tuple[bytes, bytes]]


class TooLargeError(Exception):
    """The body is larger than is read."""


class LeftError(Exception):
    """The client left before its request was complete."""


async def body(receive: Receive, most: int) -> bytes:
    """Return the body of a request of at most `most` bytes; raises TooLargeError or LeftError."""
    chunks, size, more = [], 0, True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise LeftError
        chunks.append(message.get("body", b""))
        size += len(chunks[-1])
        if size > most:
            raise TooLargeError
        more = message.get("more_body", False)
    return b"".join(chunks)


async def answer(send: Send, status: int, headers: Headers, content: bytes) -> None:
    """Send an answer."""
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": content})


async def live(receive: Receive, send: Send, life: AbstractAsyncContextManager[None]) -> None:
    """Enter `life` when the server starts and leave it when the server stops; tell first what it raises."""
    stage = "startup"
    await receive()
    try:
        async with life:
            await send({"type": "lifespan.startup.complete"})
            stage = "shutdown"
            await receive()
    except BaseException as error:
        await send({"type": f"lifespan.{stage}.failed", "message": type(error).__name__})
        raise
    await send({"type": "lifespan.shutdown.complete"})
