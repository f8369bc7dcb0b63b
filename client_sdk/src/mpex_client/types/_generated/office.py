"""Generated from spec/schemas by tools/generators/client_types.py; never edited."""

from __future__ import annotations

from typing import Annotated

from mpex_client.types._view import View
from pydantic import ConfigDict, Field
from typing_extensions import TypeAliasType

Weekday = TypeAliasType("Weekday", Annotated[int, Field(ge=1, le=7)])


class Hour(View):
    model_config = ConfigDict(
        extra="forbid",
    )
    weekdays: Annotated[
        list[Weekday],
        Field(
            description="Days of the week of ISO 8601; 1 is Monday.",
            max_length=7,
            min_length=1,
        ),
    ]
    opens: Annotated[
        str,
        Field(
            description="Local time of opening.",
            pattern="^([01][0-9]|2[0-3]):[0-5][0-9]$",
        ),
    ]
    closes: Annotated[
        str,
        Field(
            description="Local time of closing, later on the same day; 24:00 is its end.",
            pattern="^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$",
        ),
    ]


Holiday = TypeAliasType(
    "Holiday",
    Annotated[
        str, Field(pattern="^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$")
    ],
)


class WorkingCalendar(View):
    model_config = ConfigDict(
        extra="forbid",
    )
    time_zone: Annotated[
        str,
        Field(
            alias="timeZone",
            description="Name of the zone in the IANA time zone database, or UTC.",
            max_length=60,
            pattern="^[A-Za-z][A-Za-z0-9_+-]*(/[A-Za-z0-9_+-]+){0,2}$",
        ),
    ]
    hours: Annotated[
        list[Hour],
        Field(
            description="Opening hours; a day may have several.",
            max_length=50,
            min_length=1,
        ),
    ]
    holidays: Annotated[
        list[Holiday],
        Field(description="Days on which the office is closed.", max_length=1000),
    ]


class Office(View):
    model_config = ConfigDict(
        extra="forbid",
    )
    working_calendar: Annotated[
        WorkingCalendar | None,
        Field(
            alias="workingCalendar",
            description="When the office is open. Due times count these hours only.",
        ),
    ] = None
