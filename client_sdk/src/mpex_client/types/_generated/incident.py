"""Generated from spec/schemas by tools/generators/client_types.py; never edited."""

from __future__ import annotations

from typing import Annotated, Literal

from mpex_client.types._view import View
from pydantic import Field, StringConstraints
from typing_extensions import TypeAliasType

from . import common

Part = TypeAliasType("Part", Annotated[str, Field(max_length=100, min_length=1)])


class Source(View):
    system: Annotated[
        str, Field(description="System of origin.", max_length=60, min_length=1)
    ]
    id: Annotated[
        str,
        Field(description="Identifier as given there.", max_length=250, min_length=1),
    ]
    parent_id: Annotated[
        str | None,
        Field(
            alias="parentId",
            description="Identifier of the whole that this is part of.",
            max_length=100,
            min_length=1,
        ),
    ] = None
    parts: Annotated[
        list[Part] | None,
        Field(description="Joined identifiers, taken apart.", max_length=100),
    ] = None


Route = TypeAliasType(
    "Route", Annotated[str, Field(pattern="^[a-z][A-Za-z0-9]{0,63}$")]
)


Cause = TypeAliasType(
    "Cause", Annotated[str, Field(pattern="^[a-z][A-Za-z0-9]{0,63}$")]
)


class Counts(View):
    dead: Annotated[
        int | None,
        Field(
            description="Bodies recovered, persons. Negative in a correction; absent when unknown.",
            ge=-100000,
            le=1000000,
        ),
    ] = None
    missing_minimum: Annotated[
        int | None,
        Field(
            alias="missingMinimum",
            description="Missing, presumed dead, minimum estimate, persons. Negative in a correction; absent when unknown.",
            ge=-100000,
            le=1000000,
        ),
    ] = None
    dead_and_missing: Annotated[
        int | None,
        Field(
            alias="deadAndMissing",
            description="Total as given, persons. Negative in a correction; absent when unknown.",
            ge=-100000,
            le=1000000,
        ),
    ] = None
    survivors: Annotated[
        int | None,
        Field(
            description="Survivors, persons. Negative in a correction; absent when unknown.",
            ge=-100000,
            le=1000000,
        ),
    ] = None
    female: Annotated[
        int | None,
        Field(
            description="Female, persons. Negative in a correction; absent when unknown.",
            ge=-100000,
            le=1000000,
        ),
    ] = None
    male: Annotated[
        int | None,
        Field(
            description="Male, persons. Negative in a correction; absent when unknown.",
            ge=-100000,
            le=1000000,
        ),
    ] = None
    minors: Annotated[
        int | None,
        Field(
            description="Minors, persons. Negative in a correction; absent when unknown.",
            ge=-100000,
            le=1000000,
        ),
    ] = None


OriginCountry = TypeAliasType(
    "OriginCountry", Annotated[str, Field(max_length=120, min_length=1)]
)


OriginRegion = TypeAliasType(
    "OriginRegion", Annotated[str, Field(max_length=120, min_length=1)]
)


InformationSource = TypeAliasType(
    "InformationSource", Annotated[str, Field(max_length=500, min_length=1)]
)


Link = TypeAliasType("Link", Annotated[str, Field(max_length=1000, min_length=1)])


SourceQualityItem = TypeAliasType(
    "SourceQualityItem", Annotated[int, Field(ge=1, le=5)]
)


AsGivenAdditionalProperty = TypeAliasType(
    "AsGivenAdditionalProperty",
    Annotated[
        str, Field(description="Words of the source.", max_length=500, min_length=1)
    ],
)


class Incident(View):
    incident_id: Annotated[
        str | None,
        Field(
            alias="incidentId",
            description="Permanent opaque identifier of kind `incident`: 130 random bits in lower-case base32.",
            pattern="^incident:[a-z2-7]{26}$",
        ),
    ] = None
    version: Annotated[
        int | None,
        Field(description="Version of the record, counted by the custodian.", ge=1),
    ] = None
    type: Annotated[
        Literal["incident", "splitIncident", "cumulativeIncident", "mixed"],
        Field(description="Type."),
    ]
    source: Annotated[
        Source | None, Field(description="Identity in the file of origin.")
    ] = None
    date: Annotated[
        str | None,
        Field(
            description="Date to the precision that is known: year, month or day.",
            pattern="^[0-9]{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?$",
        ),
    ] = None
    date_as_given: Annotated[
        str | None,
        Field(
            alias="dateAsGiven",
            description="Date in the words of the source.",
            max_length=100,
            min_length=1,
        ),
    ] = None
    date_precision: Annotated[
        Literal["day", "month", "year", "unknown"] | None,
        Field(alias="datePrecision", description="Precision."),
    ] = None
    place: common.Place | None = None
    region: Annotated[
        str | None, Field(description="Region as given.", max_length=120, min_length=1)
    ] = None
    unsd_region: Annotated[
        str | None,
        Field(
            alias="unsdRegion",
            description="UNSD grouping as given.",
            max_length=120,
            min_length=1,
        ),
    ] = None
    routes: Annotated[
        list[Route] | None, Field(description="Routes.", max_length=10)
    ] = None
    causes: Annotated[
        list[Cause] | None, Field(description="Causes.", max_length=10)
    ] = None
    counts: Annotated[Counts, Field(description="Counts of people.")]
    is_correction: Annotated[
        bool | None,
        Field(
            alias="isCorrection",
            description="True when counts correct an earlier entry.",
        ),
    ] = None
    origin_countries: Annotated[
        list[OriginCountry] | None,
        Field(
            alias="originCountries", description="Countries of origin.", max_length=50
        ),
    ] = None
    origin_regions: Annotated[
        list[OriginRegion] | None,
        Field(alias="originRegions", description="Regions of origin.", max_length=50),
    ] = None
    origin_presumed: Annotated[
        bool | None,
        Field(alias="originPresumed", description="True when the origin is presumed."),
    ] = None
    information_sources: Annotated[
        list[InformationSource] | None,
        Field(
            alias="informationSources",
            description="Sources of information.",
            max_length=50,
        ),
    ] = None
    links: Annotated[
        list[Link] | None, Field(description="Web addresses as given.", max_length=50)
    ] = None
    source_quality: Annotated[
        list[SourceQualityItem] | None,
        Field(
            alias="sourceQuality", description="Quality of each source.", max_length=20
        ),
    ] = None
    attribution: Annotated[
        str | None,
        Field(description="Licence and attribution.", max_length=200, min_length=1),
    ] = None
    as_given: Annotated[
        dict[Annotated[str, StringConstraints(pattern=r"^[a-z][A-Za-z.]{0,63}$")], AsGivenAdditionalProperty] | None,
        Field(
            alias="asGiven",
            description="What the source says where it could not be carried over exactly, by the member that it would have become.",
            max_length=20,
        ),
    ] = None
    directive: Annotated[
        str | None,
        Field(
            description="Permanent opaque identifier of kind `directive`: 130 random bits in lower-case base32.",
            pattern="^directive:[a-z2-7]{26}$",
        ),
    ] = None
    created_at: Annotated[
        str | None,
        Field(
            alias="createdAt",
            description="Instant in UTC, whole seconds, `Z`; a leap second is written as the second before.",
            pattern="^[1-9][0-9]{3}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-5][0-9]Z$",
        ),
    ] = None
    updated_at: Annotated[
        str | None,
        Field(
            alias="updatedAt",
            description="Instant in UTC, whole seconds, `Z`; a leap second is written as the second before.",
            pattern="^[1-9][0-9]{3}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-5][0-9]Z$",
        ),
    ] = None
