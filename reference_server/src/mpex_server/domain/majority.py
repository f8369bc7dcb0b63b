"""The day on which a person is of age by every account (spec.md, chapter 10, "The day of age")."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime
from typing import Any

from .dates import days_of

YEARS = 18
Account = Mapping[str, Any]


def of_age_on(accounts: Iterable[Account]) -> date | None:
    """Return the latest day that any account (contribution.json) leaves possible; None while none tells."""
    days = [day for account in accounts if (day := _by_account(account)) is not None]
    return max(days, default=None)


def _by_account(account: Account) -> date | None:
    sections = account["sections"]
    told = [*_by_birth(sections.get("birth", {})), *_by_age(sections.get("summary", {}))]
    day = max(told, default=None)
    if sections.get("vulnerability", {}).get("isMinor") is not True:
        return day
    asserted = datetime.fromisoformat(account["assertedAt"]).astimezone(UTC).date()
    # Called a child on a day when the age says otherwise: the dispute is decided for the child.
    return day if day is not None and day > asserted else _later(asserted, YEARS)


def _by_birth(birth: Mapping[str, Any]) -> Iterator[date]:
    if born := days_of(birth.get("date")):
        yield _later(date.fromordinal(born[1]), YEARS)


def _by_age(summary: Mapping[str, Any]) -> Iterator[date]:
    age = summary.get("age", {})
    if as_of := days_of(age.get("asOf")):
        yield _later(date.fromordinal(as_of[1]), YEARS - age["min"])


def _later(day: date, years: int) -> date:
    year = min(max(day.year + years, date.min.year), date.max.year)
    try:
        return day.replace(year=year)
    except ValueError:
        return date(year, 3, 1)
