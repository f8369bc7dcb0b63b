"""How the office of a node works: when it is open, where two people decide, and what needs nobody's decision.

Read once from the file `MPEX_OFFICE_FILE` (office.json) and published in the metadata. Where it collects goes
with the holdings.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from mpex_spec import codelist

from mpex_server.domain.purposes import PROHIBITED
from mpex_server.domain.release_policies import Policy
from mpex_server.domain.release_sets import expand
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


_RESTRICTED = frozenset(
    code for code, row in codelist("categories").items() if row["sensitivity"] == "restricted"
)


class OfficeFileError(ValueError):
    """The file does not describe an office; the text says why."""


@dataclass(frozen=True, slots=True)
class Office:
    """What a node publishes of its office (`document`), and what follows from it."""

    document: Json
    calendar: Calendar
    four_eyes: frozenset[str]
    policies: tuple[Policy, ...]
    collects: Json
    """Routes and countries, published with the holdings (holdings.json)."""

    def due(self, now: datetime, hours: int) -> datetime:
        """Return when something is due after so many hours of working time."""
        return self.calendar.after(now, timedelta(hours=hours))


def of(settings: Settings) -> Office:
    """Return the office of a node; always open when no file describes it. Raises OfficeFileError."""
    return _read(settings.office_file)


@lru_cache(maxsize=64)
def _read(path: Path | None) -> Office:
    document = {"workingCalendar": _ALL_WEEK} | ({} if path is None else _content(path))
    collects = document.pop("collects", {})
    try:
        return Office(
            document,
            _calendar(document["workingCalendar"]),
            _categories(document.get("fourEyes", {})),
            tuple(_policy(entry) for entry in document.get("automaticReleases", ())),
            collects,
        )
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


def _policy(document: Json) -> Policy:
    policy = Policy(
        document["policy"],
        _categories(document),
        frozenset(document["recipientClasses"]),
        frozenset(document["purposes"]),
    )
    if policy.categories & _RESTRICTED:
        raise ValueError(f"the policy {policy.code} names restricted categories, which a person releases")
    if policy.purposes & PROHIBITED:
        raise ValueError(f"the policy {policy.code} names a prohibited purpose")
    return policy


def _categories(document: Json) -> frozenset[str]:
    return expand(document.get("releaseSets", ())) | frozenset(document.get("categories", ()))


def _minute(text: str) -> int:
    hour, _, minute = text.partition(":")
    return int(hour) * 60 + int(minute)
