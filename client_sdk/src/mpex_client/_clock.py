"""The one place of the client that reads the machine's clocks; everything else is handed a `Clock`."""

import asyncio
import datetime as dt
import time
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

__all__ = [
    "Clock",
    "async_sleep",
    "async_within",
    "instant",
    "seconds",
    "sync_sleep",
    "sync_within",
    "utc_now",
]

Clock = Callable[[], dt.datetime]
Result = TypeVar("Result")


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


async def async_within(seconds: float, read: Callable[[], Awaitable[Result]]) -> Result:
    """Return what `read` returns; TimeoutError after so many seconds, whatever it waits for."""
    async with asyncio.timeout(seconds):
        return await read()


def sync_within(seconds: float, read: Callable[[], Result]) -> Result:
    """Return what `read` returns; TimeoutError after so many seconds, whatever it waits for.

    It goes on by itself then, until what it waits for is closed; the interpreter ends no sooner.
    """
    thread = ThreadPoolExecutor(1)
    try:
        return thread.submit(read).result(seconds)
    finally:
        thread.shutdown(wait=False)
