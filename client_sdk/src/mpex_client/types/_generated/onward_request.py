"""Generated from spec/schemas by tools/generators/client_types.py; never edited."""

from __future__ import annotations

from typing import Annotated, Literal

from mpex_client.types._view import View
from pydantic import Field


class OnwardRequest(View):
    onward_request_id: Annotated[
        str,
        Field(
            alias="onwardRequestId",
            description="Identifier of the question whether something may be passed on.",
            pattern="^onwardRequest:[a-z2-7]{26}$",
        ),
    ]
    state: Annotated[
        Literal["pending", "needMore", "approved", "approvedReduced", "refused", "withdrawn"],
        Field(description="State."),
    ]
    partner: Annotated[
        str,
        Field(
            description="Permanent opaque identifier of kind `node`: 130 random bits in lower-case base32.",
            pattern="^node:[a-z2-7]{26}$",
        ),
    ]
    onward_id: Annotated[
        str,
        Field(
            alias="onwardId",
            description="Permanent opaque identifier of kind `releaseRequest`: 130 random bits in lower-case base32.",
            pattern="^releaseRequest:[a-z2-7]{26}$",
        ),
    ]
    recipient: Annotated[
        str,
        Field(
            description="Permanent opaque identifier of kind `node`: 130 random bits in lower-case base32.",
            pattern="^node:[a-z2-7]{26}$",
        ),
    ]
    release: Annotated[
        str,
        Field(
            description="Permanent opaque identifier of kind `release`: 130 random bits in lower-case base32.",
            pattern="^release:[a-z2-7]{26}$",
        ),
    ]
    record: Annotated[
        str,
        Field(
            description="Identifier of a person record or a remains unit; independent of any domain, never reused.",
            pattern="^(person|remains):[a-z2-7]{26}$",
        ),
    ]
    categories: Annotated[
        list[Literal["existence", "summary", "identity", "names", "birth", "physical", "clothingEffects", "journey", "incident", "photo", "medical", "dental", "fingerprints", "dna", "informant", "contact", "remainsLocation", "vulnerability", "custody"]],
        Field(description="Categories.", max_length=30, min_length=1),
    ]
    purpose: Annotated[
        Literal["searchLiving", "identifyDeceased", "notifyFamily", "familyReunification", "familySupport", "childProtection", "repatriation", "statistics", "protectLife", "criminalInvestigation", "immigrationEnforcement", "borderControl", "returnProcedure", "commercial"],
        Field(description="Purpose of the processing."),
    ]
    asked_at: Annotated[
        str,
        Field(
            alias="askedAt",
            description="Instant in UTC, whole seconds, `Z`; a leap second is written as the second before.",
            pattern="^[1-9][0-9]{3}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-5][0-9]Z$",
        ),
    ]
