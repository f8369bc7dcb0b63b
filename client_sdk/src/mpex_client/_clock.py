"""The one place of the client that reads the machine's clocks; everything else is handed a `Clock`."""

import asyncio
import datetime as dt
import time
from collections.abc import Callable

__all__ = ["Clock", "async_sleep", "instant", "seconds", "sync_sleep", "utc_now"]

Clock = Callable[[], dt.datetime]


def utc_now() -> dt.datetime:
    """Return the present instant in UTC."""
    return dt.datetime.now(dt.UTC)


def seconds() -> float:
    """Return seconds of a clock that nobody sets."""
    return time.monotonic()


def instant(moment: dt.datetime) -> str:
    """Return an instant of the wire: UTC, whole seconds, `Z`."""
    return moment.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


async def async_sleep(seconds: float) -> None:
    """Wait without holding the event loop."""
    await asyncio.sleep(seconds)


def sync_sleep(seconds: float) -> None:
    """Wait."""
    time.sleep(seconds)
