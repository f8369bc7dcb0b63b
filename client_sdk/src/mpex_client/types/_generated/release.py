"""Generated from spec/schemas by tools/generators/client_types.py; never edited."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from mpex_client.types._view import View
from pydantic import ConfigDict, Field


class Disclosures(View):
    salt: Annotated[
        str, Field(description="Salt, base64url.", pattern="^[A-Za-z0-9_-]{22,64}$")
    ]
    values: Annotated[
        list[dict[str, Any]],
        Field(description="One entry per contribution.", max_length=200),
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
    disclosures: Annotated[
        dict[Literal["existence", "summary", "identity", "names", "birth", "physical", "clothingEffects", "journey", "incident", "photo", "medical", "dental", "fingerprints", "dna", "informant", "contact", "remainsLocation", "vulnerability", "custody"], Disclosures],
        Field(description="Data by category with the salt of its digest."),
    ]
