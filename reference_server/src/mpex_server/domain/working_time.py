"""Working time: when so many hours will have passed while an office is open."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

_DAY = timedelta(days=1)
_MINUTES_OF_A_DAY = 24 * 60
Span = tuple[int, int]
"""Opening and closing, in minutes of the local day; 1440 is the end of the day."""


@dataclass(frozen=True, slots=True)
class Calendar:
    """When an office is open: spans by ISO weekday (1 is Monday), in the time of `zone`, holidays apart.

    The spans of a day are in order and do not overlap, and at least one day has one; else ValueError.
    """

    zone: tzinfo
    hours: Mapping[int, tuple[Span, ...]]
    holidays: frozenset[date] = frozenset()

    def __post_init__(self) -> None:
        """Refuse hours that are no order of a day, or never."""
        if not any(self.hours.values()):
            raise ValueError("an office must be open on some day")
        for spans in self.hours.values():
            edges = [minute for span in spans for minute in span]
            if edges != sorted(set(edges)):
                raise ValueError("opening hours of a day must be in order and not overlap")

    def after(self, start: datetime, span: timedelta) -> datetime:
        """Return the moment at which `span` (more than nothing) of working time has passed since `start`."""
        left = span
        for opens, closes in self._open(start.astimezone(self.zone).date()):
            usable = closes - max(opens, start)
            if usable >= left:
                return max(opens, start) + left
            left -= max(usable, timedelta(0))
        raise ValueError("the calendar ends before the span does")

    def _open(self, day: date) -> Iterator[tuple[datetime, datetime]]:
        while day < date.max - _DAY:
            if day not in self.holidays:
                for opens, closes in self.hours.get(day.isoweekday(), ()):
                    yield self._moment(day, opens), self._moment(day, closes)
            day += _DAY

    def _moment(self, day: date, minute: int) -> datetime:
        if minute == _MINUTES_OF_A_DAY:
            day, minute = day + _DAY, 0
        return datetime.combine(day, time(minute // 60, minute % 60), self.zone).astimezone(UTC)


ALWAYS_OPEN = Calendar(UTC, dict.fromkeys(range(1, 8), ((0, _MINUTES_OF_A_DAY),)))
