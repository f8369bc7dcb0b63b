"""Generated from spec/schemas by tools/generators/client_types.py; never edited."""

from __future__ import annotations

from typing import Annotated, Literal

from mpex_client.types._view import View
from pydantic import Field
from typing_extensions import TypeAliasType

Member = TypeAliasType("Member", Annotated[str, Field(max_length=100, min_length=1)])


class Contradict(View):
    contribution: Annotated[
        str,
        Field(
            description="Permanent opaque identifier of kind `contribution`: 130 random bits in lower-case base32.",
            pattern="^contribution:[a-z2-7]{26}$",
        ),
    ]
    category: Annotated[
        Literal["existence", "summary", "identity", "names", "birth", "physical", "clothingEffects", "journey", "incident", "photo", "medical", "dental", "fingerprints", "dna", "informant", "contact", "remainsLocation", "vulnerability", "custody"],
        Field(description="Data category."),
    ]
    members: Annotated[
        list[Member],
        Field(
            description="Members of the category that have another value.",
            max_length=100,
            min_length=1,
        ),
    ]


class ChangeProposal(View):
    change_proposal_id: Annotated[
        str,
        Field(
            alias="changeProposalId",
            description="Permanent opaque identifier of kind `changeProposal`: 130 random bits in lower-case base32.",
            pattern="^changeProposal:[a-z2-7]{26}$",
        ),
    ]
    version: Annotated[
        int, Field(description="Version of the record, counted by the custodian.", ge=1)
    ]
    kind: Annotated[
        Literal["addition", "correction"], Field(description="What is proposed.")
    ]
    from_: Annotated[
        str,
        Field(
            alias="from",
            description="Permanent opaque identifier of kind `node`: 130 random bits in lower-case base32.",
            pattern="^node:[a-z2-7]{26}$",
        ),
    ]
    to: Annotated[
        str,
        Field(
            description="Permanent opaque identifier of kind `node`: 130 random bits in lower-case base32.",
            pattern="^node:[a-z2-7]{26}$",
        ),
    ]
    purpose: Annotated[
        Literal["searchLiving", "identifyDeceased", "notifyFamily", "familyReunification", "familySupport", "childProtection", "repatriation", "statistics", "protectLife", "criminalInvestigation", "immigrationEnforcement", "borderControl", "returnProcedure", "commercial"],
        Field(description="Purpose of the processing."),
    ]
    case_reference: Annotated[
        str,
        Field(
            alias="caseReference",
            description="Opaque case reference of the asking node; carries no personal data.",
            pattern="^[A-Za-z0-9._-]{1,64}$",
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
            description="Own record that is proposed from, or that the proposal is about.",
            pattern="^(person|remains):[a-z2-7]{26}$",
        ),
    ]
    categories: Annotated[
        list[Literal["existence", "summary", "identity", "names", "birth", "physical", "clothingEffects", "journey", "incident", "photo", "medical", "dental", "fingerprints", "dna", "informant", "contact", "remainsLocation", "vulnerability", "custody"]],
        Field(
            description="Categories of the own record that are proposed.",
            max_length=30,
            min_length=1,
        ),
    ]
    contribution: Annotated[
        str | None,
        Field(
            description="Contribution of the release that is contradicted.",
            pattern="^contribution:[a-z2-7]{26}$",
        ),
    ] = None
    release_request: Annotated[
        str,
        Field(
            alias="releaseRequest",
            description="Permanent opaque identifier of kind `releaseRequest`: 130 random bits in lower-case base32.",
            pattern="^releaseRequest:[a-z2-7]{26}$",
        ),
    ]
    partner_release_request: Annotated[
        str | None,
        Field(
            alias="partnerReleaseRequest",
            description="Permanent opaque identifier of kind `partnerReleaseRequest`: 130 random bits in lower-case base32.",
            pattern="^partnerReleaseRequest:[a-z2-7]{26}$",
        ),
    ] = None
    contradicts: Annotated[
        list[Contradict] | None,
        Field(
            description="What of the record says otherwise than what was collected; for the staff of the custodian.",
            max_length=1000,
        ),
    ] = None
    state: Annotated[
        Literal["proposed", "accepted", "declined"],
        Field(description="How far the proposal is."),
    ]
    reason: Annotated[
        str | None,
        Field(
            description="Why it is declined; it stays at the node that declines.",
            pattern="^[a-z][A-Za-z0-9]{0,63}$",
        ),
    ] = None
    created_at: Annotated[
        str,
        Field(
            alias="createdAt",
            description="Instant in UTC, whole seconds, `Z`; a leap second is written as the second before.",
            pattern="^[1-9][0-9]{3}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-5][0-9]Z$",
        ),
    ]
    updated_at: Annotated[
        str,
        Field(
            alias="updatedAt",
            description="Instant in UTC, whole seconds, `Z`; a leap second is written as the second before.",
            pattern="^[1-9][0-9]{3}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-5][0-9]Z$",
        ),
    ]
