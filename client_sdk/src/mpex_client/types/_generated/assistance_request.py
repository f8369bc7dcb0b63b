"""Generated from spec/schemas by tools/generators/client_types.py; never edited."""

from __future__ import annotations

from typing import Annotated, Literal

from mpex_client.types._view import View
from pydantic import ConfigDict, Field


class Answer(View):
    at: Annotated[
        str,
        Field(
            description="Instant in UTC, whole seconds, `Z`; a leap second is written as the second before.",
            pattern="^[1-9][0-9]{3}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-5][0-9]Z$",
        ),
    ]
    state: Annotated[
        Literal["sent", "accepted", "declined", "completed"],
        Field(description="State."),
    ]
    reason: Annotated[
        str | None,
        Field(description="Why it is declined.", pattern="^[a-z][A-Za-z0-9]{0,63}$"),
    ] = None
    text: Annotated[
        str | None,
        Field(description="Result or remark.", max_length=4000, min_length=1),
    ] = None
    language: Annotated[
        str | None,
        Field(
            description="BCP 47 language tag.",
            max_length=35,
            pattern="^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$",
        ),
    ] = None
    due_at: Annotated[
        str | None,
        Field(
            alias="dueAt",
            description="Instant in UTC, whole seconds, `Z`; a leap second is written as the second before.",
            pattern="^[1-9][0-9]{3}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-5][0-9]Z$",
        ),
    ] = None
    contact: Annotated[
        str | None,
        Field(
            description="The cleared contact by which a message was relayed.",
            pattern="^contact:[a-z2-7]{26}$",
        ),
    ] = None


class AssistanceRequest(View):
    model_config = ConfigDict(
        extra="forbid",
    )
    assistance_id: Annotated[
        str | None,
        Field(
            alias="assistanceId",
            description="Permanent opaque identifier of kind `assistance`: 130 random bits in lower-case base32.",
            pattern="^assistance:[a-z2-7]{26}$",
        ),
    ] = None
    version: Annotated[
        int | None,
        Field(description="Version of the record, counted by the custodian.", ge=1),
    ] = None
    from_: Annotated[
        str | None,
        Field(
            alias="from",
            description="Permanent opaque identifier of kind `node`: 130 random bits in lower-case base32.",
            pattern="^node:[a-z2-7]{26}$",
        ),
    ] = None
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
    type: Annotated[str, Field(description="Type.", pattern="^[a-z][A-Za-z0-9]{0,63}$")]
    case_reference: Annotated[
        str,
        Field(
            alias="caseReference",
            description="Opaque case reference of the asking node; carries no personal data.",
            pattern="^[A-Za-z0-9._-]{1,64}$",
        ),
    ]
    legal_basis: Annotated[
        Literal["consent", "vitalInterest", "publicInterest", "legitimateInterest", "legalObligation"],
        Field(alias="legalBasis", description="Legal basis of the processing."),
    ]
    text: Annotated[
        str,
        Field(description="What is asked, in words.", max_length=4000, min_length=1),
    ]
    language: Annotated[
        str,
        Field(
            description="BCP 47 language tag.",
            max_length=35,
            pattern="^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$",
        ),
    ]
    due_at: Annotated[
        str | None,
        Field(
            alias="dueAt",
            description="Instant in UTC, whole seconds, `Z`; a leap second is written as the second before.",
            pattern="^[1-9][0-9]{3}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-5][0-9]Z$",
        ),
    ] = None
    state: Annotated[
        Literal["sent", "accepted", "declined", "completed"] | None,
        Field(description="State."),
    ] = None
    answers: Annotated[
        list[Answer] | None,
        Field(
            description="What the node that was asked answered, in order.",
            max_length=20,
        ),
    ] = None
    created_at: Annotated[
        str | None,
        Field(
            alias="createdAt",
            description="Instant in UTC, whole seconds, `Z`; a leap second is written as the second before.",
            pattern="^[1-9][0-9]{3}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-5][0-9]Z$",
        ),
    ] = None
    updated_at: Annotated[
        str | None,
        Field(
            alias="updatedAt",
            description="Instant in UTC, whole seconds, `Z`; a leap second is written as the second before.",
            pattern="^[1-9][0-9]{3}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-5][0-9]Z$",
        ),
    ] = None
