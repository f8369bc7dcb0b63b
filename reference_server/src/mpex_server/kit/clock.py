"""The one place that reads the time; everything else is handed a `Clock`."""

import asyncio
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol


class Clock(Protocol):
    """Source of time, replaced in tests."""

    def now(self) -> datetime:
        """Return the present instant in UTC."""

    def monotonic(self) -> float:
        """Return seconds that never run backwards, for measuring and for the time grid."""

    async def sleep(self, seconds: float) -> None:
        """Wait without occupying the event loop."""


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """Return the present instant in UTC."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Return seconds that never run backwards."""
        return time.monotonic()

    async def sleep(self, seconds: float) -> None:
        """Wait without occupying the event loop."""
        await asyncio.sleep(seconds)


class ShiftedClock(SystemClock):
    """The machine's clock moved by the whole seconds that a file holds, read anew for every instant.

    Processes that share the file move through days together, in a sandbox only. Raises OSError or ValueError
    when the file holds no number.
    """

    def __init__(self, file: Path) -> None:
        self._file = file
        self.now()

    def now(self) -> datetime:
        """Return the shifted instant in UTC."""
        return super().now() + timedelta(seconds=int(self._file.read_text("ascii")))


class ManualClock:
    """A clock that moves only when told; sleeping returns at once and is remembered in `slept`."""

    def __init__(self, start: datetime) -> None:
        self._now = start
        self._monotonic = 0.0
        self.slept: list[float] = []

    def now(self) -> datetime:
        """Return the instant it was set to."""
        return self._now

    def monotonic(self) -> float:
        """Return the seconds it was advanced by."""
        return self._monotonic

    async def sleep(self, seconds: float) -> None:
        """Return at once."""
        self.slept.append(seconds)

    def advance(self, step: timedelta) -> None:
        """Move forward by `step`."""
        self._now += step
        self._monotonic += step.total_seconds()


def instant(moment: datetime) -> str:
    """Return the wire form of a moment: UTC, whole seconds, `Z`; it sorts as text."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def parse_instant(text: str) -> datetime:
    """Return the moment of a wire instant; raises ValueError for any other form."""
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
