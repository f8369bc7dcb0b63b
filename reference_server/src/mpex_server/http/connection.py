"""What connections may cost a process: how many there are, how slowly they send and read, how long heads are.

The server closes what goes beyond; nothing in front of the node is needed for it.
"""

import asyncio
from typing import Any, cast

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

_MAX_HEAD_BYTES = 64 * 1024
_CLOSING = b"HTTP/1.1 %s\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
_TOO_SLOW, _HEAD_TOO_LARGE = b"408 Request Timeout", b"431 Request Header Fields Too Large"


class BoundedConnection(HttpToolsProtocol):
    """A connection of uvicorn with bounds.

    At most `connections` are open in the process. A request must have arrived whole `request_seconds` after
    its first byte, the first one after the connection was made: else it ends with 408. So long may the client
    leave an answer unread, too.
    """

    def __init__(self, *args: Any, connections: int, request_seconds: float, **options: Any) -> None:
        super().__init__(*args, **options)
        self._most = connections
        self._seconds = request_seconds
        self._arriving: asyncio.TimerHandle | None = None
        self._unread: asyncio.TimerHandle | None = None
        self._head_bytes: int | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin to wait for the first request, or close at once when too many are connected."""
        crowded = len(self.connections) >= self._most
        super().connection_made(cast("asyncio.Transport", transport))
        if crowded:
            transport.close()
        else:
            self._expect_request()

    def connection_lost(self, exc: Exception | None) -> None:
        """End with the connection."""
        self._request_is_here()
        self.resume_writing()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Read on, unless the head of the request has become too large."""
        super().data_received(data)
        if self._head_bytes is not None:
            self._head_bytes += len(data)
            if self._head_bytes > _MAX_HEAD_BYTES:
                self._end(_HEAD_TOO_LARGE)

    def on_message_begin(self) -> None:
        """Give the request its time."""
        super().on_message_begin()
        self._head_bytes = 0
        self._expect_request()

    def on_headers_complete(self) -> None:
        """Hand the request to the application."""
        self._head_bytes = None
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """Let the application take the time that it needs."""
        self._request_is_here()
        super().on_message_complete()

    def pause_writing(self) -> None:
        """Give the client time to read."""
        super().pause_writing()
        self._unread = self.loop.call_later(self._seconds, self.transport.abort)

    def resume_writing(self) -> None:
        """Write on: the client has read."""
        super().resume_writing()
        if self._unread is not None:
            self._unread.cancel()
            self._unread = None

    def _expect_request(self) -> None:
        if self._arriving is None:
            self._arriving = self.loop.call_later(self._seconds, self._end, _TOO_SLOW)

    def _request_is_here(self) -> None:
        if self._arriving is not None:
            self._arriving.cancel()
            self._arriving = None

    def _end(self, status: bytes) -> None:
        """Close, with an answer when none has begun."""
        if self.cycle is None or not self.cycle.response_started or self.cycle.response_complete:
            self.transport.write(_CLOSING % status)
        self.transport.close()
