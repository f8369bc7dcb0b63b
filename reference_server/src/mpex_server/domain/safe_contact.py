"""When and how an enquirer, or the person of a record, can be reached without harm (ENQ-004, ENQ-007)."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
Rules = Mapping[str, Any]


def known_zone(rules: Rules) -> bool:
    """Tell whether the time zone of the rules is one."""
    try:
        _zone(rules)
    except (ZoneInfoNotFoundError, ValueError):
        return False
    return True


def broken(rules: Rules, channel: str, now: datetime) -> Iterator[str]:
    """Yield what a contact by `channel` at `now` would break: `channel`, `safeHours`."""
    if rules.get("channel", channel) != channel:
        yield "channel"
    if not _is_safe_hour(rules, now):
        yield "safeHours"


def _is_safe_hour(rules: Rules, now: datetime) -> bool:
    """Tell whether an hour is safe; none is in a time zone that is not known, which another node let pass."""
    spans = rules.get("safeHours")
    if not spans:
        return True
    return known_zone(rules) and any(_covers(span, now.astimezone(_zone(rules))) for span in spans)


def _covers(span: Mapping[str, Any], local: datetime) -> bool:
    """Tell whether a local time is in a span; one that ends at or before its start goes over midnight."""
    time, days = local.strftime("%H:%M"), span.get("days", _DAYS)
    today = _DAYS[local.weekday()] in days
    if span["from"] < span["to"]:
        return today and span["from"] <= time < span["to"]
    yesterday = _DAYS[(local - timedelta(days=1)).weekday()] in days
    return (today and time >= span["from"]) or (yesterday and time < span["to"])


def _zone(rules: Rules) -> ZoneInfo:
    return ZoneInfo(rules.get("timeZone", "UTC"))
