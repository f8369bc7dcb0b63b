"""Generated from spec/schemas by tools/generators/client_types.py; never edited."""

from __future__ import annotations

from typing import Annotated, Literal

from mpex_client.types._view import View
from pydantic import ConfigDict, Field
from typing_extensions import TypeAliasType

from . import common

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


class FourEyes(View):
    model_config = ConfigDict(
        extra="forbid",
    )
    release_sets: Annotated[
        list[Literal["existence", "summary", "identity", "searchDetail", "forensic", "contact"]] | None,
        Field(
            alias="releaseSets",
            description="Release sets.",
            max_length=20,
            min_length=1,
        ),
    ] = None
    categories: Annotated[
        list[Literal["existence", "summary", "identity", "names", "birth", "physical", "clothingEffects", "journey", "incident", "photo", "medical", "dental", "fingerprints", "dna", "informant", "contact", "remainsLocation", "vulnerability", "custody"]] | None,
        Field(description="Categories.", max_length=30, min_length=1),
    ] = None


class AutomaticRelease(View):
    model_config = ConfigDict(
        extra="forbid",
    )
    policy: Annotated[
        str,
        Field(
            description="Name of the policy, given with each decision that it makes.",
            pattern="^[a-z][A-Za-z0-9]{0,63}$",
        ),
    ]
    release_sets: Annotated[
        list[Literal["existence", "summary", "identity", "searchDetail", "forensic", "contact"]] | None,
        Field(
            alias="releaseSets",
            description="Release sets.",
            max_length=20,
            min_length=1,
        ),
    ] = None
    categories: Annotated[
        list[Literal["existence", "summary", "identity", "names", "birth", "physical", "clothingEffects", "journey", "incident", "photo", "medical", "dental", "fingerprints", "dna", "informant", "contact", "remainsLocation", "vulnerability", "custody"]] | None,
        Field(description="Categories.", max_length=30, min_length=1),
    ] = None
    recipient_classes: Annotated[
        list[Literal["humanitarian", "forensic", "health", "rescue", "childProtection", "consular", "judicial", "police", "borderAuthority", "immigrationAuthority", "other"]],
        Field(
            alias="recipientClasses",
            description="Classes of recipients.",
            max_length=20,
            min_length=1,
        ),
    ]
    purposes: Annotated[
        list[Literal["searchLiving", "identifyDeceased", "notifyFamily", "familyReunification", "familySupport", "childProtection", "repatriation", "statistics", "protectLife", "criminalInvestigation", "immigrationEnforcement", "borderControl", "returnProcedure", "commercial"]],
        Field(description="Purposes.", max_length=20, min_length=1),
    ]


Route = TypeAliasType(
    "Route", Annotated[str, Field(pattern="^[a-z][A-Za-z0-9]{0,63}$")]
)


class Collects(View):
    model_config = ConfigDict(
        extra="forbid",
    )
    routes: Annotated[
        list[Route] | None,
        Field(
            description="Routes on which the node collects.",
            max_length=60,
            min_length=1,
        ),
    ] = None
    countries: Annotated[
        list[common.Country] | None,
        Field(
            description="Countries in which the node collects.",
            max_length=250,
            min_length=1,
        ),
    ] = None


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
    four_eyes: Annotated[
        FourEyes | None,
        Field(
            alias="fourEyes",
            description="What is released only after two different persons have approved it.",
        ),
    ] = None
    automatic_releases: Annotated[
        list[AutomaticRelease] | None,
        Field(
            alias="automaticReleases",
            description="Policies under which remains are released without a person's decision, as far as consent permits.",
            max_length=50,
        ),
    ] = None
    collects: Annotated[
        Collects | None,
        Field(description="Where the node collects; published in its holdings."),
    ] = None
