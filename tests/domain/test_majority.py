"""The day of age: every account counts, and doubt counts for childhood."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from mpex_server.domain.majority import of_age_on


def account(asserted: str = "2026-11-20T10:00:00Z", **sections: Any) -> dict[str, Any]:
    return {"assertedAt": asserted, "sections": sections}


def born(text: str) -> dict[str, Any]:
    return account(birth={"date": text})


CALLED_A_CHILD: Any = {"vulnerability": {"isMinor": True}}


@pytest.mark.parametrize(
    ("accounts", "day"),
    [
        ([], None),
        ([account(names={})], None),
        ([born("2008-11-22")], "2026-11-22"),
        ([born("2008-02-29")], "2026-03-01"),
        ([born("2008-11")], "2026-11-30"),
        ([born("2008")], "2026-12-31"),
        ([born("2001"), born("2009-05-04")], "2027-05-04"),
        ([born("2001"), account(names={})], "2019-12-31"),
        ([account(summary={"age": {"min": 16, "max": 20, "asOf": "2026-11-21"}})], "2028-11-21"),
        (
            [account(birth={"date": "2001"}, summary={"age": {"min": 17, "max": 17, "asOf": "2026"}})],
            "2027-12-31",
        ),
        ([account(summary={"age": {"min": 30, "max": 40, "asOf": "2024-02-29"}})], "2012-02-29"),
        ([born("9999-02-29"), born("9996-02-29")], "9999-03-01"),
        ([account(**CALLED_A_CHILD)], "2044-11-20"),
        ([account(birth={"date": "2010-01-01"}, **CALLED_A_CHILD)], "2028-01-01"),
        ([account(birth={"date": "1990-01-01"}, **CALLED_A_CHILD)], "2044-11-20"),
        ([account("2015-06-01T10:00:00Z", birth={"date": "2004-01-01"}, **CALLED_A_CHILD)], "2022-01-01"),
        ([account(birth={"date": "1990-01-01"}, vulnerability={"isMinor": False})], "2008-01-01"),
    ],
)
def test_the_latest_day_that_an_account_leaves_possible_counts(
    accounts: list[dict[str, Any]], day: str | None
) -> None:
    assert of_age_on(accounts) == (day and date.fromisoformat(day))
