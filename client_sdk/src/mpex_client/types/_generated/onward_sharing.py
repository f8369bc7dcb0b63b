"""Generated from spec/schemas by tools/generators/client_types.py; never edited."""

from __future__ import annotations

from typing import Annotated, Literal

from mpex_client.types._view import View
from pydantic import ConfigDict, Field


class OnwardSharing(View):
    model_config = ConfigDict(
        extra="forbid",
    )
    partner: Annotated[
        str,
        Field(
            description="Permanent opaque identifier of kind `node`: 130 random bits in lower-case base32.",
            pattern="^node:[a-z2-7]{26}$",
        ),
    ]
    categories: Annotated[
        list[Literal["existence", "summary", "identity", "names", "birth", "physical", "clothingEffects", "journey", "incident", "photo", "medical", "dental", "fingerprints", "dna", "informant", "contact", "remainsLocation", "vulnerability", "custody"]] | None,
        Field(description="Categories.", max_length=30, min_length=1),
    ] = None
