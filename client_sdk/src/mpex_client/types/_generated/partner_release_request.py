"""Generated from spec/schemas by tools/generators/client_types.py; never edited."""

from __future__ import annotations

from typing import Annotated, Literal

from mpex_client.types._view import View
from pydantic import ConfigDict, Field


class PartnerReleaseRequest(View):
    model_config = ConfigDict(
        extra="forbid",
    )
    partner_search: Annotated[
        str,
        Field(
            alias="partnerSearch",
            description="Permanent opaque identifier of kind `partnerSearch`: 130 random bits in lower-case base32.",
            pattern="^partnerSearch:[a-z2-7]{26}$",
        ),
    ]
    partner: Annotated[
        str,
        Field(
            description="Permanent opaque identifier of kind `node`: 130 random bits in lower-case base32.",
            pattern="^node:[a-z2-7]{26}$",
        ),
    ]
    hit_reference: Annotated[
        str,
        Field(
            alias="hitReference",
            description="Reference from the search result.",
            pattern="^[A-Za-z0-9_-]{40,1024}$",
        ),
    ]
    release_set: Annotated[
        Literal["existence", "summary", "identity", "searchDetail", "forensic", "contact"] | None,
        Field(alias="releaseSet", description="Named set of data categories."),
    ] = None
    categories: Annotated[
        list[Literal["existence", "summary", "identity", "names", "birth", "physical", "clothingEffects", "journey", "incident", "photo", "medical", "dental", "fingerprints", "dna", "informant", "contact", "remainsLocation", "vulnerability", "custody"]] | None,
        Field(description="Categories asked one by one.", max_length=30, min_length=1),
    ] = None
    reason: Annotated[
        str, Field(description="Why it is needed.", max_length=2000, min_length=1)
    ]
