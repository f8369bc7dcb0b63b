"""Generated from spec/schemas by tools/generators/client_types.py; never edited."""

from __future__ import annotations

from typing import Annotated, Literal

from mpex_client.types._view import View
from pydantic import Field


class ReleaseRequestStatus(View):
    release_request_id: Annotated[
        str,
        Field(
            alias="releaseRequestId",
            description="Permanent opaque identifier of kind `releaseRequest`: 130 random bits in lower-case base32.",
            pattern="^releaseRequest:[a-z2-7]{26}$",
        ),
    ]
    state: Annotated[
        Literal["pending", "needMore", "approved", "approvedReduced", "refused", "withdrawn"],
        Field(description="State."),
    ]
    requested_at: Annotated[
        str,
        Field(
            alias="requestedAt",
            description="Instant in UTC, whole seconds, `Z`; a leap second is written as the second before.",
            pattern="^[1-9][0-9]{3}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-5][0-9]Z$",
        ),
    ]
    due_at: Annotated[
        str,
        Field(
            alias="dueAt",
            description="Instant in UTC, whole seconds, `Z`; a leap second is written as the second before.",
            pattern="^[1-9][0-9]{3}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-5][0-9]Z$",
        ),
    ]
    granted_categories: Annotated[
        list[Literal["existence", "summary", "identity", "names", "birth", "physical", "clothingEffects", "journey", "incident", "photo", "medical", "dental", "fingerprints", "dna", "informant", "contact", "remainsLocation", "vulnerability", "custody"]] | None,
        Field(
            alias="grantedCategories", description="Categories approved.", max_length=30
        ),
    ] = None
    question: Annotated[
        str | None,
        Field(
            description="What the holder needs to know.", max_length=2000, min_length=1
        ),
    ] = None
    escalated: Annotated[
        bool | None,
        Field(description="True when the due time has passed without a decision."),
    ] = None
