"""Generated from spec/schemas by tools/generators/client_types.py; never edited."""

from __future__ import annotations

from typing import Annotated, Literal

from mpex_client.types._view import View
from pydantic import ConfigDict, Field

from . import common


class Member(View):
    model_config = ConfigDict(
        extra="forbid",
    )
    member: Annotated[
        str,
        Field(
            description="Permanent opaque identifier of kind `member`: 130 random bits in lower-case base32.",
            pattern="^member:[a-z2-7]{26}$",
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


class GroupSearch(View):
    model_config = ConfigDict(
        extra="forbid",
    )
    members: Annotated[
        list[Member],
        Field(
            description="Members to ask for; each is named once.",
            max_length=50,
            min_length=1,
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
        Literal["existence", "summary", "identity", "searchDetail", "forensic", "contact"],
        Field(alias="releaseSet", description="Named set of data categories."),
    ]
    among: Annotated[
        list[Literal["soughtPerson", "foundAlive", "unidentifiedLiving", "remainsUnit"]] | None,
        Field(description="Types of record to look among.", max_length=4, min_length=1),
    ] = None
    partners: Annotated[
        list[common.Node],
        Field(
            description="Partners confirmed by the case worker; never all by default.",
            max_length=5,
            min_length=1,
        ),
    ]
