"""Generated from spec/schemas by tools/generators/client_types.py; never edited."""

from __future__ import annotations

from typing import Annotated

from mpex_client.types._view import View
from pydantic import ConfigDict, Field


class SearchSurge(View):
    model_config = ConfigDict(
        extra="forbid",
    )
    surge_id: Annotated[
        str | None,
        Field(
            alias="surgeId",
            description="Permanent opaque identifier of kind `surge`: 130 random bits in lower-case base32.",
            pattern="^surge:[a-z2-7]{26}$",
        ),
    ] = None
    partner: Annotated[
        str | None,
        Field(
            description="Partner that it is for; absent means every partner.",
            pattern="^node:[a-z2-7]{26}$",
        ),
    ] = None
    incident: Annotated[
        str,
        Field(
            description="Incident that makes it necessary.",
            pattern="^incident:[a-z2-7]{26}$",
        ),
    ]
    searches_per_day: Annotated[
        int,
        Field(
            alias="searchesPerDay",
            description="Searches that each partner may send in a day while it lasts.",
            ge=1,
            le=100000,
        ),
    ]
    until: Annotated[
        str,
        Field(
            description="When it ends; 30 days from now at the latest.",
            pattern="^[1-9][0-9]{3}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-5][0-9]Z$",
        ),
    ]
    reason: Annotated[
        str,
        Field(
            description="Reason for the file; it is not published.",
            max_length=500,
            min_length=1,
        ),
    ]
    created_at: Annotated[
        str | None,
        Field(
            alias="createdAt",
            description="Instant in UTC, whole seconds, `Z`; a leap second is written as the second before.",
            pattern="^[1-9][0-9]{3}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-5][0-9]Z$",
        ),
    ] = None
