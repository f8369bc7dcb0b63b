"""Bounds an exchange as a whole: who sends a byte now and then is heard no longer than anybody else.

The times of the HTTP library are for each piece that comes. Of such pieces the header of an answer alone may
have thousands, and whoever waits for one partner would wait for days.
"""

import math
import ssl
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar
from typing import Any

import httpcore2

from mpex_server.kit.clock import Clock

_PIECE = 16 * 1024
_ENDS: ContextVar[float] = ContextVar("ends", default=math.inf)
Left = Callable[[float | None], float]
"""Returns how many of the seconds that a step may take are left; raises httpcore2.ReadTimeout for none."""


@contextmanager
def within(clock: Clock, seconds: float) -> Iterator[None]:
    """Let no exchange of this thread that is made inside last for longer than this from now."""
    before = _ENDS.set(min(_ENDS.get(), clock.monotonic() + seconds))
    try:
        yield
    finally:
        _ENDS.reset(before)


class Patience:
    """How long one exchange may last; each thread has its own."""

    def __init__(self, clock: Clock, seconds: float) -> None:
        self._clock = clock
        self._seconds = seconds

    def exchange(self) -> AbstractContextManager[None]:
        """Let one exchange last from now on."""
        return within(self._clock, self._seconds)

    def left(self, step: float | None) -> float:
        """Return what is left for a step of the exchange that is under way (`Left`)."""
        left = _ENDS.get() - self._clock.monotonic()
        if left <= 0:
            raise httpcore2.ReadTimeout
        return left if step is None else min(step, left)


class PatientStream(httpcore2.NetworkStream):
    """A connection that is read and written while there is time left for the exchange."""

    def __init__(self, stream: httpcore2.NetworkStream, left: Left) -> None:
        self._stream = stream
        self._left = left

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Return what comes next."""
        return self._stream.read(max_bytes, self._left(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Send something, in pieces: the time that is given counts anew for each."""
        for start in range(0, len(buffer), _PIECE):
            self._stream.write(buffer[start : start + _PIECE], self._left(timeout))

    def close(self) -> None:
        """End the connection."""
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore2.NetworkStream:
        """Return the connection with TLS on it."""
        secured = self._stream.start_tls(ssl_context, server_hostname, self._left(timeout))
        return PatientStream(secured, self._left)

    def get_extra_info(self, info: str) -> Any:
        """Return what is known of the connection."""
        return self._stream.get_extra_info(info)
