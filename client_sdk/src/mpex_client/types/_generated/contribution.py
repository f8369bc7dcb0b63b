"""Generated from spec/schemas by tools/generators/client_types.py; never edited."""

from __future__ import annotations

from typing import Annotated, Literal

from mpex_client.types._view import View
from pydantic import Field

from . import sections as sections_1


class Contribution(View):
    contribution_id: Annotated[
        str | None,
        Field(
            alias="contributionId",
            description="Permanent opaque identifier of kind `contribution`: 130 random bits in lower-case base32.",
            pattern="^contribution:[a-z2-7]{26}$",
        ),
    ] = None
    contributor: Annotated[
        str,
        Field(
            description="Opaque reference of the contributor at the custodian.",
            max_length=100,
            min_length=1,
        ),
    ]
    directive: Annotated[
        str | None,
        Field(
            description="Permanent opaque identifier of kind `directive`: 130 random bits in lower-case base32.",
            pattern="^directive:[a-z2-7]{26}$",
        ),
    ] = None
    asserted_at: Annotated[
        str,
        Field(
            alias="assertedAt",
            description="Instant in UTC, whole seconds, `Z`; a leap second is written as the second before.",
            pattern="^[1-9][0-9]{3}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-5][0-9]Z$",
        ),
    ]
    source: Annotated[
        str | None,
        Field(description="Kind of source.", pattern="^[a-z][A-Za-z0-9]{0,63}$"),
    ] = None
    certainty: Annotated[
        Literal["stated", "presumed", "estimated", "derived"] | None,
        Field(description="How sure the source was."),
    ] = None
    sections: sections_1.SectionsModel
