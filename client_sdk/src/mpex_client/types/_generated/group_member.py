"""Generated from spec/schemas by tools/generators/client_types.py; never edited."""

from __future__ import annotations

from typing import Annotated, Literal

from mpex_client.types._view import View
from pydantic import Field

from . import common, sections


class Mention(View):
    name: sections.Name | None = None
    sex: Annotated[
        Literal["female", "male", "other", "unknown"] | None, Field(description="Sex.")
    ] = None
    age: common.AgeRange | None = None
    note: Annotated[
        str | None,
        Field(description="What else was said.", max_length=500, min_length=1),
    ] = None


class GroupMember(View):
    member_id: Annotated[
        str | None,
        Field(
            alias="memberId",
            description="Permanent opaque identifier of kind `member`: 130 random bits in lower-case base32.",
            pattern="^member:[a-z2-7]{26}$",
        ),
    ] = None
    state: Annotated[
        Literal["mentioned", "registered"] | None,
        Field(description="What the member is to the node."),
    ] = None
    row: Annotated[
        str,
        Field(
            description="Row of the list from which the member was taken; the same row is the same member.",
            pattern="^[A-Za-z0-9._-]{1,64}$",
        ),
    ]
    record: Annotated[
        str | None,
        Field(
            description="Permanent opaque identifier of kind `person`: 130 random bits in lower-case base32.",
            pattern="^person:[a-z2-7]{26}$",
        ),
    ] = None
    mention: Annotated[
        Mention | None,
        Field(description="What was said of a member who has no record."),
    ] = None
    role: Annotated[
        str | None,
        Field(
            description="Role in the group, as it was said.",
            max_length=80,
            min_length=1,
        ),
    ] = None
    directive: Annotated[
        str | None,
        Field(
            description="Permanent opaque identifier of kind `directive`: 130 random bits in lower-case base32.",
            pattern="^directive:[a-z2-7]{26}$",
        ),
    ] = None
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
