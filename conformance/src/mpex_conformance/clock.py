"""The wall clock, read in one place: the suite judges nodes that live in real time."""

import time
from datetime import UTC, datetime


def seconds() -> int:
    """Return whole seconds since 1970."""
    return int(time.time())


def utc() -> datetime:
    """Return the present moment in UTC."""
    return datetime.now(UTC)
