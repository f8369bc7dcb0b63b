"""Due times in working time: a calendar that skips nights, weekends, holidays and the change of clocks."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mpex_server.domain.working_time import ALWAYS_OPEN, Calendar

WEEK = dict.fromkeys(range(1, 6), ((480, 720), (780, 1020)))
TUNIS = Calendar(ZoneInfo("Africa/Tunis"), WEEK, frozenset({date(2026, 12, 25)}))
MADRID = Calendar(ZoneInfo("Europe/Madrid"), {7: ((0, 1440),)})


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("calendar", "start", "hours", "due"),
    [
        (ALWAYS_OPEN, "2026-11-21T10:00:05", 48, "2026-11-23T10:00:05"),
        # Tunis is one hour ahead: Friday 15:30 there, half an hour is left before the break of the week.
        (TUNIS, "2026-11-20T14:30:00", 8, "2026-11-23T14:30:00"),
        (TUNIS, "2026-11-21T10:00:00", 8, "2026-11-23T16:00:00"),
        (TUNIS, "2026-11-23T10:59:00", 1, "2026-11-23T12:59:00"),
        (TUNIS, "2026-12-24T15:00:00", 2, "2026-12-28T08:00:00"),
        # The Sunday on which clocks go back has 25 hours, the one on which they go forward 23.
        (MADRID, "2026-10-24T12:00:00", 25, "2026-10-25T23:00:00"),
        (MADRID, "2026-03-28T12:00:00", 23, "2026-03-29T22:00:00"),
        (MADRID, "2026-03-28T12:00:00", 24, "2026-04-04T23:00:00"),
    ],
)
def test_only_open_hours_count(calendar: Calendar, start: str, hours: int, due: str) -> None:
    assert calendar.after(moment(start), timedelta(hours=hours)) == moment(due)


@given(st.integers(0, 60 * 24 * 30), st.integers(1, 60 * 40))
def test_counting_minute_by_minute_gives_the_same(offset: int, minutes: int) -> None:
    start = moment("2026-12-10T00:00:00") + timedelta(minutes=offset)
    left, at = minutes, start
    while left:
        local = at.astimezone(TUNIS.zone)
        of_day = local.hour * 60 + local.minute
        spans = () if local.date() in TUNIS.holidays else TUNIS.hours.get(local.isoweekday(), ())
        left -= any(opens <= of_day < closes for opens, closes in spans)
        at += timedelta(minutes=1)
    assert TUNIS.after(start, timedelta(minutes=minutes)) == at


@pytest.mark.parametrize("hours", [{}, {1: ()}, {1: ((600, 540),)}, {1: ((480, 720), (700, 800))}])
def test_hours_that_are_no_order_of_a_day_are_refused(hours: dict[int, tuple[tuple[int, int], ...]]) -> None:
    with pytest.raises(ValueError, match="open"):
        Calendar(UTC, hours)
