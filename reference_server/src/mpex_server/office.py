"""How the office of a node works: its calendar, read from the file `MPEX_OFFICE_FILE` (office.json)."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from mpex_server.domain.working_time import Calendar, Span
from mpex_server.http.spec import schema_validator
from mpex_server.kit import strict_json
from mpex_server.settings import Settings

Json = dict[str, Any]
_ALL_WEEK: Json = {
    "timeZone": "UTC",
    "hours": [{"weekdays": [1, 2, 3, 4, 5, 6, 7], "opens": "00:00", "closes": "24:00"}],
    "holidays": [],
}


class OfficeFileError(ValueError):
    """The file does not describe an office; the text says why."""


@dataclass(frozen=True, slots=True)
class Office:
    """What a node publishes of its office (`document`), and what follows from it."""

    document: Json
    calendar: Calendar

    def due(self, now: datetime, hours: int) -> datetime:
        """Return when something is due after so many hours of working time."""
        return self.calendar.after(now, timedelta(hours=hours))


def of(settings: Settings) -> Office:
    """Return the office of a node; always open when no file describes it. Raises OfficeFileError."""
    return _read(settings.office_file)


@lru_cache(maxsize=64)
def _read(path: Path | None) -> Office:
    document = {"workingCalendar": _ALL_WEEK} | ({} if path is None else _content(path))
    try:
        return Office(document, _calendar(document["workingCalendar"]))
    except (ValueError, ZoneInfoNotFoundError) as error:
        raise OfficeFileError(f"MPEX_OFFICE_FILE: {error}") from error


def _content(path: Path) -> Json:
    try:
        document: Json = strict_json.loads(path.read_bytes())
    except (OSError, strict_json.StrictJsonError) as error:
        raise OfficeFileError("MPEX_OFFICE_FILE names no file of strict JSON") from error
    if not schema_validator("office").is_valid(document):
        raise OfficeFileError("MPEX_OFFICE_FILE does not follow the schema office.json")
    return document


def _calendar(document: Json) -> Calendar:
    hours: dict[int, list[Span]] = {}
    for entry in document["hours"]:
        for weekday in entry["weekdays"]:
            hours.setdefault(weekday, []).append((_minute(entry["opens"]), _minute(entry["closes"])))
    zone = document["timeZone"]
    return Calendar(
        UTC if zone == "UTC" else ZoneInfo(zone),
        {weekday: tuple(sorted(spans)) for weekday, spans in hours.items()},
        frozenset(date.fromisoformat(day) for day in document["holidays"]),
    )


def _minute(text: str) -> int:
    hour, _, minute = text.partition(":")
    return int(hour) * 60 + int(minute)
