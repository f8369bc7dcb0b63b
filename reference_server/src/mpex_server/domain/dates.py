"""Partial dates and ages as intervals of days, so that precision is kept and everything compares one way."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from typing import Any

Days = tuple[int, int]
"""First and last possible day, as proleptic Gregorian ordinals."""


def days_of(partial: str | None) -> Days | None:
    """Return the interval of a partial date (`YYYY`, `YYYY-MM`, `YYYY-MM-DD`), None when not real."""
    if not partial:
        return None
    numbers = [int(part) for part in partial.split("-")]
    try:
        first = date(*(*numbers, 1, 1)[:3])
        if len(numbers) == 3:
            return first.toordinal(), first.toordinal()
        month = numbers[1] if len(numbers) == 2 else 12
        return first.toordinal(), date(first.year, month, monthrange(first.year, month)[1]).toordinal()
    except ValueError:
        return None


def passed_at(partial: str | None) -> datetime | None:
    """Return the moment at which a partial date has passed, in UTC; None when it is not real."""
    days = days_of(partial)
    return datetime.combine(date.fromordinal(days[1] + 1), time.min, UTC) if days else None


def born_of(age: Mapping[str, Any] | None) -> Days | None:
    """Return the interval of birth of an age `{min, max, asOf}`."""
    as_of = days_of(age["asOf"]) if age else None
    if age is None or as_of is None:
        return None
    return max(1, as_of[0] - int((age["max"] + 1) * 365.25)), max(1, as_of[1] - int(age["min"] * 365.25))


def joined(*intervals: Days | None) -> Days | None:
    """Return the overlap of the known intervals, or where they disagree the span of all."""
    known = [interval for interval in intervals if interval]
    if not known:
        return None
    low, high = max(first for first, _ in known), min(last for _, last in known)
    return (low, high) if low <= high else (high, low)


def months(interval: Days, before: int = 0, after: int = 0, most: int = 12) -> list[str]:
    """Return the months (`YYYY-MM`) of an interval, widened; none when it has more than `most`."""
    first, last = date.fromordinal(interval[0]), date.fromordinal(interval[1])
    low = first.year * 12 + first.month - 1 - before
    high = last.year * 12 + last.month - 1 + after
    if high - low >= most + before + after:
        return []
    return [f"{number // 12:04d}-{number % 12 + 1:02d}" for number in range(max(low, 12), high + 1)]
