"""Generated from spec/schemas by tools/generators/client_types.py; never edited."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from mpex_client.types._view import View
from pydantic import ConfigDict, Field


class Value(View):
    salt: Annotated[
        str,
        Field(
            description="Salt of the digest, base64url.",
            pattern="^[A-Za-z0-9_-]{22,64}$",
        ),
    ]
    contribution_id: Annotated[
        str | None,
        Field(
            alias="contributionId",
            description="Permanent opaque identifier of kind `contribution`: 130 random bits in lower-case base32.",
            pattern="^contribution:[a-z2-7]{26}$",
        ),
    ] = None
    asserted_at: Annotated[
        str | None,
        Field(
            alias="assertedAt",
            description="Instant in UTC, whole seconds, `Z`; a leap second is written as the second before.",
            pattern="^[1-9][0-9]{3}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-5][0-9]Z$",
        ),
    ] = None
    certainty: Annotated[
        Literal["stated", "presumed", "estimated", "derived"] | None,
        Field(description="How sure the source was."),
    ] = None
    value: Annotated[dict[str, Any], Field(description="Section or envelope values.")]


class Disclosures(View):
    values: Annotated[
        list[Value], Field(description="One entry per contribution.", max_length=200)
    ]


class Release(View):
    model_config = ConfigDict(
        extra="forbid",
    )
    statement: Annotated[
        str,
        Field(
            description="Compact JWS of the holder; payload: release-statement.",
            pattern="^[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+$",
        ),
    ]
    proof: Annotated[
        str,
        Field(
            description="Compact JWS of the custodian; payload: origin-proof.",
            max_length=262144,
            pattern="^[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+$",
        ),
    ]
    disclosures: Annotated[
        dict[Literal["existence", "summary", "identity", "names", "birth", "physical", "clothingEffects", "journey", "incident", "photo", "medical", "dental", "fingerprints", "dna", "informant", "contact", "remainsLocation", "vulnerability", "custody"], Disclosures],
        Field(description="Data by category."),
    ]
