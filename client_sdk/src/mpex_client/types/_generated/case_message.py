"""Generated from spec/schemas by tools/generators/client_types.py; never edited."""

from __future__ import annotations

from typing import Annotated, Literal

from mpex_client.types._view import View
from pydantic import ConfigDict, Field


class Translation(View):
    model_config = ConfigDict(
        extra="forbid",
    )
    language: Annotated[
        str,
        Field(
            description="BCP 47 language tag.",
            max_length=35,
            pattern="^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$",
        ),
    ]
    text: Annotated[
        str, Field(description="The translated message.", max_length=8000, min_length=1)
    ]
    by: Annotated[
        Literal["person", "machine"], Field(description="Who or what translated.")
    ]
    translator: Annotated[
        str | None,
        Field(
            description="Name of the program, or reference of the person.",
            max_length=120,
            min_length=1,
        ),
    ] = None


class CaseMessage(View):
    model_config = ConfigDict(
        extra="forbid",
    )
    message_id: Annotated[
        str | None,
        Field(
            alias="messageId",
            description="Permanent opaque identifier of kind `message`: 130 random bits in lower-case base32.",
            pattern="^message:[a-z2-7]{26}$",
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
    case_reference: Annotated[
        str,
        Field(
            alias="caseReference",
            description="Opaque case reference of the asking node; carries no personal data.",
            pattern="^[A-Za-z0-9._-]{1,64}$",
        ),
    ]
    language: Annotated[
        str,
        Field(
            description="BCP 47 language tag.",
            max_length=35,
            pattern="^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$",
        ),
    ]
    text: Annotated[
        str,
        Field(
            description="The message in its own language.",
            max_length=8000,
            min_length=1,
        ),
    ]
    translations: Annotated[
        list[Translation] | None,
        Field(description="Translations; none replaces the original.", max_length=10),
    ] = None
    in_reply_to: Annotated[
        str | None,
        Field(
            alias="inReplyTo",
            description="Permanent opaque identifier of kind `message`: 130 random bits in lower-case base32.",
            pattern="^message:[a-z2-7]{26}$",
        ),
    ] = None
    state: Annotated[
        Literal["sent", "received", "recalled"] | None, Field(description="State.")
    ] = None
    statement: Annotated[
        str | None,
        Field(
            description="The event by which a received message came, signed by its sender.",
            pattern="^[A-Za-z0-9_-]+[.][A-Za-z0-9_-]+[.][A-Za-z0-9_-]+$",
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
