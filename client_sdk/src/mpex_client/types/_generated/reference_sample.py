"""Generated from spec/schemas by tools/generators/client_types.py; never edited."""

from __future__ import annotations

from typing import Annotated, Literal

from mpex_client.types._view import View
from pydantic import ConfigDict, Field


class Comparison(View):
    model_config = ConfigDict(
        extra="forbid",
    )
    remains: Annotated[
        str,
        Field(
            description="Permanent opaque identifier of kind `remains`: 130 random bits in lower-case base32.",
            pattern="^remains:[a-z2-7]{26}$",
        ),
    ]
    result: Annotated[
        Literal["supports", "doesNotSupport", "inconclusive"],
        Field(description="Result."),
    ]
    laboratory: Annotated[
        str | None,
        Field(description="Laboratory that compared.", max_length=120, min_length=1),
    ] = None
    compared_on: Annotated[
        str | None,
        Field(
            alias="comparedOn",
            description="Date to the precision that is known: year, month or day.",
            pattern="^[0-9]{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?$",
        ),
    ] = None
    report: Annotated[
        str | None,
        Field(
            description="Reference of the report at the laboratory.",
            max_length=100,
            min_length=1,
        ),
    ] = None


class ReferenceSample(View):
    model_config = ConfigDict(
        extra="forbid",
    )
    sample_id: Annotated[
        str | None,
        Field(
            alias="sampleId",
            description="Permanent opaque identifier of kind `sample`: 130 random bits in lower-case base32.",
            pattern="^sample:[a-z2-7]{26}$",
        ),
    ] = None
    version: Annotated[
        int | None,
        Field(description="Version of the record, counted by the custodian.", ge=1),
    ] = None
    custodian: Annotated[
        str | None,
        Field(
            description="Permanent opaque identifier of kind `node`: 130 random bits in lower-case base32.",
            pattern="^node:[a-z2-7]{26}$",
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
    synthetic: Annotated[
        bool | None,
        Field(description="True for made-up samples of tests and training."),
    ] = None
    donor: Annotated[
        str,
        Field(
            description="Opaque reference of the donor at the custodian.",
            max_length=100,
            min_length=1,
        ),
    ]
    donor_directive: Annotated[
        str | None,
        Field(
            alias="donorDirective",
            description="Permanent opaque identifier of kind `directive`: 130 random bits in lower-case base32.",
            pattern="^directive:[a-z2-7]{26}$",
        ),
    ] = None
    claimed_relationship: Annotated[
        str,
        Field(
            alias="claimedRelationship",
            description="Claimed relationship.",
            pattern="^[a-z][A-Za-z0-9]{0,63}$",
        ),
    ]
    person: Annotated[
        str,
        Field(
            description="Permanent opaque identifier of kind `person`: 130 random bits in lower-case base32.",
            pattern="^person:[a-z2-7]{26}$",
        ),
    ]
    taken_on: Annotated[
        str | None,
        Field(
            alias="takenOn",
            description="Date to the precision that is known: year, month or day.",
            pattern="^[0-9]{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?$",
        ),
    ] = None
    laboratory: Annotated[
        str | None,
        Field(description="Laboratory that holds it.", max_length=120, min_length=1),
    ] = None
    laboratory_code: Annotated[
        str | None,
        Field(
            alias="laboratoryCode",
            description="Code at the laboratory.",
            max_length=100,
            min_length=1,
        ),
    ] = None
    kit: Annotated[
        str | None,
        Field(
            description="Kit or panel with which it was typed.",
            max_length=100,
            min_length=1,
        ),
    ] = None
    locus_set: Annotated[
        str | None,
        Field(
            alias="locusSet",
            description="Locus set.",
            pattern="^[a-z][A-Za-z0-9]{0,63}$",
        ),
    ] = None
    comparisons: Annotated[
        list[Comparison] | None,
        Field(
            description="What laboratories said of the claimed relationship.",
            max_length=200,
        ),
    ] = None
