"""Generated from spec/schemas by tools/generators/client_types.py; never edited."""

from __future__ import annotations

from typing import Annotated, Literal

from mpex_client.types._view import View
from pydantic import ConfigDict, Field

from . import common


class PartnerSearchDraft(View):
    model_config = ConfigDict(
        extra="forbid",
    )
    partner_search_id: Annotated[
        str | None,
        Field(
            alias="partnerSearchId",
            description="Permanent opaque identifier of kind `partnerSearch`: 130 random bits in lower-case base32.",
            pattern="^partnerSearch:[a-z2-7]{26}$",
        ),
    ] = None
    person: Annotated[
        str,
        Field(
            description="Identifier of a person record or a remains unit; independent of any domain, never reused.",
            pattern="^(person|remains):[a-z2-7]{26}$",
        ),
    ]
    search_request: Annotated[
        str | None,
        Field(
            alias="searchRequest",
            description="Permanent opaque identifier of kind `request`: 130 random bits in lower-case base32.",
            pattern="^request:[a-z2-7]{26}$",
        ),
    ] = None
    purpose: Annotated[
        Literal["searchLiving", "identifyDeceased", "notifyFamily", "familyReunification", "familySupport", "childProtection", "repatriation", "statistics", "protectLife", "criminalInvestigation", "immigrationEnforcement", "borderControl", "returnProcedure", "commercial"],
        Field(description="Purpose of the processing."),
    ]
    legal_basis: Annotated[
        Literal["consent", "vitalInterest", "publicInterest", "legitimateInterest", "legalObligation"],
        Field(alias="legalBasis", description="Legal basis of the processing."),
    ]
    case_reference: Annotated[
        str,
        Field(
            alias="caseReference",
            description="Opaque case reference of the asking node; carries no personal data.",
            pattern="^[A-Za-z0-9._-]{1,64}$",
        ),
    ]
    release_set: Annotated[
        Literal["existence", "summary", "identity", "searchDetail", "forensic", "contact"],
        Field(alias="releaseSet", description="Named set of data categories."),
    ]
    among: Annotated[
        list[Literal["soughtPerson", "foundAlive", "unidentifiedLiving", "remainsUnit"]] | None,
        Field(description="Types of record to look among.", max_length=4, min_length=1),
    ] = None
    partners: Annotated[
        list[common.Node] | None,
        Field(
            description="Partners to plan for; every active partner when absent.",
            max_length=20,
            min_length=1,
        ),
    ] = None
    standing_until: Annotated[
        str | None,
        Field(
            alias="standingUntil",
            description="Let the query stand until then, a year from now at the latest; needs an open search request for the person.",
            pattern="^[1-9][0-9]{3}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-5][0-9]Z$",
        ),
    ] = None
    reason: Annotated[
        str | None,
        Field(
            description="Why so many partners are asked; mandatory for more than five.",
            max_length=500,
            min_length=1,
        ),
    ] = None
