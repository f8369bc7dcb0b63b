"""Generated from spec/schemas by tools/generators/client_types.py; never edited."""

from __future__ import annotations

from typing import Annotated, Literal

from mpex_client.types._view import View
from pydantic import Field


class MovedTo(View):
    node: Annotated[
        str,
        Field(
            description="Permanent opaque identifier of kind `node`: 130 random bits in lower-case base32.",
            pattern="^node:[a-z2-7]{26}$",
        ),
    ]
    name: Annotated[
        str | None, Field(description="Its name.", max_length=200, min_length=1)
    ] = None


class Entry(View):
    at: Annotated[
        str,
        Field(
            description="Instant in UTC, whole seconds, `Z`; a leap second is written as the second before.",
            pattern="^[1-9][0-9]{3}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-5][0-9]Z$",
        ),
    ]
    recipient: Annotated[
        str | None,
        Field(description="Name of the recipient.", max_length=200, min_length=1),
    ] = None
    recipient_class: Annotated[
        Literal["humanitarian", "forensic", "health", "rescue", "childProtection", "consular", "judicial", "police", "borderAuthority", "immigrationAuthority", "other"],
        Field(alias="recipientClass", description="Class of a recipient."),
    ]
    kind: Annotated[
        Literal["query", "release", "transfer"], Field(description="What happened.")
    ]
    purpose: Annotated[
        Literal["searchLiving", "identifyDeceased", "notifyFamily", "familyReunification", "familySupport", "childProtection", "repatriation", "statistics", "protectLife", "criminalInvestigation", "immigrationEnforcement", "borderControl", "returnProcedure", "commercial"],
        Field(description="Purpose of the processing."),
    ]
    categories: Annotated[
        list[Literal["existence", "summary", "identity", "names", "birth", "physical", "clothingEffects", "journey", "incident", "photo", "medical", "dental", "fingerprints", "dna", "informant", "contact", "remainsLocation", "vulnerability", "custody"]],
        Field(description="Categories.", max_length=30),
    ]
    state: Annotated[
        Literal["active", "recalled", "erased", "restricted", "retainedByLaw", "marked", "transferred"],
        Field(description="What became of it."),
    ]
    receipt: Annotated[
        str | None, Field(description="Signed receipt of the recipient.")
    ] = None


class AccessReport(View):
    search_request: Annotated[
        str | None,
        Field(
            alias="searchRequest",
            description="Search request that the report is for.",
            pattern="^request:[a-z2-7]{26}$",
        ),
    ] = None
    erasure: Annotated[
        str | None,
        Field(
            description="Request to erase that the report is for.",
            pattern="^erasure:[a-z2-7]{26}$",
        ),
    ] = None
    issued_at: Annotated[
        str,
        Field(
            alias="issuedAt",
            description="Instant in UTC, whole seconds, `Z`; a leap second is written as the second before.",
            pattern="^[1-9][0-9]{3}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-5][0-9]Z$",
        ),
    ]
    moved_to: Annotated[
        MovedTo | None,
        Field(
            alias="movedTo",
            description="Node that keeps the record now, and lists what happened since.",
        ),
    ] = None
    note: Annotated[
        str | None,
        Field(
            description="What the report can and cannot show.",
            max_length=500,
            min_length=1,
        ),
    ] = None
    entries: Annotated[list[Entry], Field(description="Uses, oldest first.")]
