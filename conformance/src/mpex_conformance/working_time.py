"""Working time as the standard means it, counted minute by minute from a published calendar."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

_MINUTE = timedelta(minutes=1)


def due(calendar: Mapping[str, Any], start: datetime, hours: int) -> datetime:
    """Return, exact to the minute, when so many hours of the calendar will have passed."""
    zone = UTC if calendar["timeZone"] == "UTC" else ZoneInfo(calendar["timeZone"])
    left, moment = hours * 60, start
    while left:
        left -= _open(calendar, moment.astimezone(zone))
        moment += _MINUTE
    return moment


def _open(calendar: Mapping[str, Any], local: datetime) -> bool:
    clock = local.strftime("%H:%M")
    return local.date().isoformat() not in calendar["holidays"] and any(
        local.isoweekday() in entry["weekdays"] and entry["opens"] <= clock < entry["closes"]
        for entry in calendar["hours"]
    )
