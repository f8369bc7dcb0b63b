"""The ways in which Missing Migrants files have written dates."""

import re
from datetime import date

__all__ = ["date_of"]

_ISO = re.compile(r"[0-9]{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?")
_WORDS = re.compile(r"([A-Z][a-z]+) ([0-9]{1,2}), ([0-9]{4})")
_SITE = re.compile(r"([A-Z][a-z]{2}), ([0-9]{2})/([0-9]{2})/([0-9]{4}) - [0-9]{2}:[0-9]{2}")
_SLASHES = re.compile(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})")
_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def date_of(text: str, *, day_first: bool) -> str | None:
    """Return a date as partial ISO 8601, or None when it cannot be read without a guess.

    `2019-05-04` and shorter, `January 05, 2020`, `Thu, 01/01/2026 - 12:00` (month first, and the weekday must
    agree) and, in files known to put the day first, `04/05/2016`.
    """
    if _ISO.fullmatch(text):
        return text if len(text) < 10 else _iso(text[:4], text[5:7], text[8:])
    if (words := _WORDS.fullmatch(text)) and words[1] in _MONTHS:
        return _iso(words[3], str(_MONTHS.index(words[1]) + 1), words[2])
    if site := _SITE.fullmatch(text):
        found = _iso(site[4], site[2], site[3])
        agrees = found is not None and _DAYS[date.fromisoformat(found).weekday()] == site[1]
        return found if agrees else None
    if day_first and (slashes := _SLASHES.fullmatch(text)):
        return _iso(slashes[3], slashes[2], slashes[1])
    return None


def _iso(year: str, month: str, day: str) -> str | None:
    try:
        return date(int(year), int(month), int(day)).isoformat()
    except ValueError:
        return None
