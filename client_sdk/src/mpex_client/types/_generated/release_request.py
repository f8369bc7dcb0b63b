"""Generated from spec/schemas by tools/generators/client_types.py; never edited."""

from __future__ import annotations

from typing import Annotated, Literal

from mpex_client.types._view import View
from pydantic import ConfigDict, Field


class ReleaseRequest(View):
    model_config = ConfigDict(
        extra="forbid",
    )
    hit_reference: Annotated[
        str,
        Field(
            alias="hitReference",
            description="Reference from the search result.",
            pattern="^[A-Za-z0-9_-]{40,1024}$",
        ),
    ]
    case_reference: Annotated[
        str,
        Field(
            alias="caseReference",
            description="Opaque case reference of the asking node; carries no personal data.",
            pattern="^[A-Za-z0-9._-]{1,64}$",
        ),
    ]
    purpose: Annotated[
        Literal["searchLiving", "identifyDeceased", "notifyFamily", "familyReunification", "familySupport", "childProtection", "repatriation", "statistics", "protectLife", "criminalInvestigation", "immigrationEnforcement", "borderControl", "returnProcedure", "commercial"],
        Field(description="Purpose of the processing."),
    ]
    legal_basis: Annotated[
        Literal["consent", "vitalInterest", "publicInterest", "legitimateInterest", "legalObligation"],
        Field(alias="legalBasis", description="Legal basis of the processing."),
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
        str,
        Field(
            description="Why it is needed; for the person who decides.",
            max_length=2000,
            min_length=1,
        ),
    ]
