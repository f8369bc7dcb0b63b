"""Generated from spec/schemas by tools/generators/client_types.py; never edited."""

from __future__ import annotations

from typing import Annotated, Literal

from mpex_client.types._view import View
from pydantic import Field


class Onward(View):
    onward_id: Annotated[
        str,
        Field(
            alias="onwardId",
            description="Permanent opaque identifier of kind `releaseRequest`: 130 random bits in lower-case base32.",
            pattern="^releaseRequest:[a-z2-7]{26}$",
        ),
    ]
    received_release: Annotated[
        str,
        Field(
            alias="receivedRelease",
            description="Permanent opaque identifier of kind `receivedRelease`: 130 random bits in lower-case base32.",
            pattern="^receivedRelease:[a-z2-7]{26}$",
        ),
    ]
    partner: Annotated[
        str,
        Field(
            description="Permanent opaque identifier of kind `node`: 130 random bits in lower-case base32.",
            pattern="^node:[a-z2-7]{26}$",
        ),
    ]
    categories: Annotated[
        list[Literal["existence", "summary", "identity", "names", "birth", "physical", "clothingEffects", "journey", "incident", "photo", "medical", "dental", "fingerprints", "dna", "informant", "contact", "remainsLocation", "vulnerability", "custody"]],
        Field(description="Categories.", max_length=30, min_length=1),
    ]
    state: Annotated[
        Literal["pending", "needMore", "approved", "approvedReduced", "refused", "withdrawn"],
        Field(
            description="State: pending while the origin is asked, approved once it was offered."
        ),
    ]
    at: Annotated[
        str,
        Field(
            description="Instant in UTC, whole seconds, `Z`; a leap second is written as the second before.",
            pattern="^[1-9][0-9]{3}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-5][0-9]Z$",
        ),
    ]
