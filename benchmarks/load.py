"""Load: requests made beforehand, sent over a few open connections, so that the sender is never the limit."""

import re
import time
from asyncio import StreamReader, StreamWriter, gather, open_connection
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

import uvloop

CONNECTIONS = 8
_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)


class UnexpectedAnswerError(RuntimeError):
    """A request was refused or failed, so that its time would say nothing."""


@dataclass(frozen=True)
class Load:
    """Wall seconds of the whole, and of each request."""

    seconds: float
    each: tuple[float, ...]


def message(method: str, path: str, headers: dict[str, str], body: bytes = b"") -> bytes:
    """Return a request as it goes over the wire."""
    fields = {"Host": "127.0.0.1", **headers, "Content-Length": str(len(body))}
    head = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
    return f"{method} {path} HTTP/1.1\r\n{head}\r\n".encode() + body


def send(url: str, requests: Sequence[bytes], status: int, connections: int = CONNECTIONS) -> Load:
    """Send every request to the server at ``url``; raises UnexpectedAnswerError for another ``status``."""
    return uvloop.run(_send(urlsplit(url).port or 80, requests, status, connections))


async def _send(port: int, requests: Sequence[bytes], status: int, connections: int) -> Load:
    links = [await open_connection("127.0.0.1", port) for _ in range(min(connections, len(requests)))]
    waiting, took = iter(requests), list[float]()
    began = time.perf_counter()
    try:
        await gather(*(_ask(reader, writer, waiting, status, took) for reader, writer in links))
        return Load(time.perf_counter() - began, tuple(took))
    finally:
        for _, writer in links:
            writer.close()
            await writer.wait_closed()


async def _ask(
    reader: StreamReader, writer: StreamWriter, waiting: Iterator[bytes], status: int, took: list[float]
) -> None:
    for request in waiting:
        began = time.perf_counter()
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        length = _LENGTH.search(head)
        body = await reader.readexactly(int(length[1])) if length else b""
        took.append(time.perf_counter() - began)
        if int(head[9:12]) != status:
            raise UnexpectedAnswerError(f"{head[9:12].decode()} instead of {status}: {body[:300].decode()}")
