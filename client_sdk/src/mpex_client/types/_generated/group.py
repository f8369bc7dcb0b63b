"""Generated from spec/schemas by tools/generators/client_types.py; never edited."""

from __future__ import annotations

from typing import Annotated, Literal

from mpex_client.types._view import View
from pydantic import Field


class Size(View):
    min: Annotated[int, Field(description="Lowest number.", ge=0, le=100000)]
    max: Annotated[int, Field(description="Highest number.", ge=0, le=100000)]
    source: Annotated[
        str, Field(description="Kind of source.", pattern="^[a-z][A-Za-z0-9]{0,63}$")
    ]
    certainty: Annotated[
        Literal["stated", "presumed", "estimated", "derived"],
        Field(description="How sure the source was."),
    ]
    asserted_at: Annotated[
        str | None,
        Field(
            alias="assertedAt",
            description="Instant in UTC, whole seconds, `Z`; a leap second is written as the second before.",
            pattern="^[1-9][0-9]{3}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-5][0-9]Z$",
        ),
    ] = None
    contributor: Annotated[
        str | None,
        Field(
            description="Opaque reference of the contributor at the custodian.",
            max_length=100,
            min_length=1,
        ),
    ] = None


class Group(View):
    group_id: Annotated[
        str | None,
        Field(
            alias="groupId",
            description="Permanent opaque identifier of kind `group`: 130 random bits in lower-case base32.",
            pattern="^group:[a-z2-7]{26}$",
        ),
    ] = None
    version: Annotated[
        int | None,
        Field(description="Version of the record, counted by the custodian.", ge=1),
    ] = None
    type: Annotated[
        Literal["household", "travelParty", "boat", "vehicle", "detention", "other"],
        Field(description="Type."),
    ]
    name: Annotated[
        str | None,
        Field(
            description="What the group is called at this node; no name of a person.",
            max_length=120,
            min_length=1,
        ),
    ] = None
    incident: Annotated[
        str | None,
        Field(
            description="Permanent opaque identifier of kind `incident`: 130 random bits in lower-case base32.",
            pattern="^incident:[a-z2-7]{26}$",
        ),
    ] = None
    directive: Annotated[
        str | None,
        Field(
            description="Permanent opaque identifier of kind `directive`: 130 random bits in lower-case base32.",
            pattern="^directive:[a-z2-7]{26}$",
        ),
    ] = None
    sizes: Annotated[
        list[Size] | None,
        Field(
            description="How many people, as different sources say; none replaces another.",
            max_length=50,
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
