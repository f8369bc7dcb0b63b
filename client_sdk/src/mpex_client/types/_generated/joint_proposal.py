"""Generated from spec/schemas by tools/generators/client_types.py; never edited."""

from __future__ import annotations

from typing import Annotated, Literal

from mpex_client.types._view import View
from pydantic import Field


class JointProposal(View):
    proposal_id: Annotated[
        str,
        Field(
            alias="proposalId",
            description="Permanent opaque identifier of kind `jointProposal`: 130 random bits in lower-case base32.",
            pattern="^jointProposal:[a-z2-7]{26}$",
        ),
    ]
    version: Annotated[
        int, Field(description="Version of the record, counted by the custodian.", ge=1)
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
    identification: Annotated[
        str | None,
        Field(
            description="Permanent opaque identifier of kind `identification`: 130 random bits in lower-case base32.",
            pattern="^identification:[a-z2-7]{26}$",
        ),
    ] = None
    identification_state: Annotated[
        Literal["preliminary", "confirmed", "revoked"],
        Field(alias="identificationState", description="State of the identification."),
    ]
    conclusion: Annotated[
        Literal["deceased", "alive"], Field(description="Conclusion.")
    ]
    methods: Annotated[
        list[Literal["dna", "fingerprints", "dental", "medicalImplant", "medical", "physical", "effects", "circumstantial", "visual", "other", "combined"]],
        Field(description="Methods.", max_length=10, min_length=1),
    ]
    competent_authority: Annotated[
        str,
        Field(
            alias="competentAuthority",
            description="Authority that decides.",
            max_length=200,
            min_length=1,
        ),
    ]
    decided_at: Annotated[
        str,
        Field(
            alias="decidedAt",
            description="Instant in UTC, whole seconds, `Z`; a leap second is written as the second before.",
            pattern="^[1-9][0-9]{3}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-5][0-9]Z$",
        ),
    ]
    state: Annotated[
        Literal["proposed", "concurred", "disagreed", "withdrawn"],
        Field(description="How far the proposal is."),
    ]
    reason: Annotated[
        str | None,
        Field(
            description="Why the other side disagrees.",
            pattern="^[a-z][A-Za-z0-9]{0,63}$",
        ),
    ] = None
    notified_at: Annotated[
        str | None,
        Field(
            alias="notifiedAt",
            description="Instant in UTC, whole seconds, `Z`; a leap second is written as the second before.",
            pattern="^[1-9][0-9]{3}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-5][0-9]Z$",
        ),
    ] = None
    revoked_at: Annotated[
        str | None,
        Field(
            alias="revokedAt",
            description="Instant in UTC, whole seconds, `Z`; a leap second is written as the second before.",
            pattern="^[1-9][0-9]{3}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-5][0-9]Z$",
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
