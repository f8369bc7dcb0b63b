"""Generated from spec/schemas by tools/generators/client_types.py; never edited."""

from __future__ import annotations

from typing import Annotated, Literal

from mpex_client.types._view import View
from pydantic import Field


class DialogueItem(View):
    question: Annotated[
        str, Field(description="What was needed.", max_length=2000, min_length=1)
    ]
    asked_at: Annotated[
        str,
        Field(
            alias="askedAt",
            description="Instant in UTC, whole seconds, `Z`; a leap second is written as the second before.",
            pattern="^[1-9][0-9]{3}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-5][0-9]Z$",
        ),
    ]
    reply: Annotated[
        str | None,
        Field(description="Reply of the partner.", max_length=2000, min_length=1),
    ] = None
    replied_at: Annotated[
        str | None,
        Field(
            alias="repliedAt",
            description="Instant in UTC, whole seconds, `Z`; a leap second is written as the second before.",
            pattern="^[1-9][0-9]{3}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-5][0-9]Z$",
        ),
    ] = None


class FirstApproval(View):
    by: Annotated[
        str, Field(description="Client that approved.", max_length=100, min_length=1)
    ]
    at: Annotated[
        str,
        Field(
            description="Instant in UTC, whole seconds, `Z`; a leap second is written as the second before.",
            pattern="^[1-9][0-9]{3}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-5][0-9]Z$",
        ),
    ]
    categories: Annotated[
        list[Literal["existence", "summary", "identity", "names", "birth", "physical", "clothingEffects", "journey", "incident", "photo", "medical", "dental", "fingerprints", "dna", "informant", "contact", "remainsLocation", "vulnerability", "custody"]],
        Field(description="Approved so far.", max_length=30),
    ]


class ReleaseRequestCase(View):
    release_request_id: Annotated[
        str,
        Field(
            alias="releaseRequestId",
            description="Permanent opaque identifier of kind `releaseRequest`: 130 random bits in lower-case base32.",
            pattern="^releaseRequest:[a-z2-7]{26}$",
        ),
    ]
    state: Annotated[
        Literal["pending", "needMore", "approved", "approvedReduced", "refused", "withdrawn"],
        Field(description="State."),
    ]
    partner: Annotated[
        str,
        Field(
            description="Permanent opaque identifier of kind `node`: 130 random bits in lower-case base32.",
            pattern="^node:[a-z2-7]{26}$",
        ),
    ]
    partner_name: Annotated[
        str | None,
        Field(
            alias="partnerName",
            description="Name of the partner.",
            max_length=200,
            min_length=1,
        ),
    ] = None
    record: Annotated[
        str,
        Field(
            description="Identifier of a person record or a remains unit; independent of any domain, never reused.",
            pattern="^(person|remains):[a-z2-7]{26}$",
        ),
    ]
    purpose: Annotated[
        Literal["searchLiving", "identifyDeceased", "notifyFamily", "familyReunification", "familySupport", "childProtection", "repatriation", "statistics", "protectLife", "criminalInvestigation", "immigrationEnforcement", "borderControl", "returnProcedure", "commercial"],
        Field(description="Purpose of the processing."),
    ]
    legal_basis: Annotated[
        Literal["consent", "vitalInterest", "publicInterest", "legitimateInterest", "legalObligation"] | None,
        Field(alias="legalBasis", description="Legal basis of the processing."),
    ] = None
    case_reference: Annotated[
        str,
        Field(
            alias="caseReference",
            description="Opaque case reference of the asking node; carries no personal data.",
            pattern="^[A-Za-z0-9._-]{1,64}$",
        ),
    ]
    reason: Annotated[
        str | None, Field(description="Reason given.", max_length=2000, min_length=1)
    ] = None
    requested_categories: Annotated[
        list[Literal["existence", "summary", "identity", "names", "birth", "physical", "clothingEffects", "journey", "incident", "photo", "medical", "dental", "fingerprints", "dna", "informant", "contact", "remainsLocation", "vulnerability", "custody"]],
        Field(alias="requestedCategories", description="Asked.", max_length=30),
    ]
    permitted_categories: Annotated[
        list[Literal["existence", "summary", "identity", "names", "birth", "physical", "clothingEffects", "journey", "incident", "photo", "medical", "dental", "fingerprints", "dna", "informant", "contact", "remainsLocation", "vulnerability", "custody"]],
        Field(
            alias="permittedCategories",
            description="What consent permits today.",
            max_length=30,
        ),
    ]
    held_categories: Annotated[
        list[Literal["existence", "summary", "identity", "names", "birth", "physical", "clothingEffects", "journey", "incident", "photo", "medical", "dental", "fingerprints", "dna", "informant", "contact", "remainsLocation", "vulnerability", "custody"]],
        Field(
            alias="heldCategories",
            description="Those permitted in which anything is held.",
            max_length=30,
        ),
    ]
    granted_categories: Annotated[
        list[Literal["existence", "summary", "identity", "names", "birth", "physical", "clothingEffects", "journey", "incident", "photo", "medical", "dental", "fingerprints", "dna", "informant", "contact", "remainsLocation", "vulnerability", "custody"]] | None,
        Field(alias="grantedCategories", description="Approved.", max_length=30),
    ] = None
    requested_at: Annotated[
        str,
        Field(
            alias="requestedAt",
            description="Instant in UTC, whole seconds, `Z`; a leap second is written as the second before.",
            pattern="^[1-9][0-9]{3}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-5][0-9]Z$",
        ),
    ]
    due_at: Annotated[
        str,
        Field(
            alias="dueAt",
            description="Instant in UTC, whole seconds, `Z`; a leap second is written as the second before.",
            pattern="^[1-9][0-9]{3}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-5][0-9]Z$",
        ),
    ]
    escalated: Annotated[bool | None, Field(description="True when overdue.")] = None
    cause: Annotated[
        str | None,
        Field(
            description="Coded cause; stays with the holder.",
            pattern="^[a-z][A-Za-z0-9]{0,63}$",
        ),
    ] = None
    decided_at: Annotated[
        str | None,
        Field(
            alias="decidedAt",
            description="Instant in UTC, whole seconds, `Z`; a leap second is written as the second before.",
            pattern="^[1-9][0-9]{3}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-5][0-9]Z$",
        ),
    ] = None
    decided_by: Annotated[
        str | None,
        Field(
            alias="decidedBy",
            description="Client that decided.",
            max_length=100,
            min_length=1,
        ),
    ] = None
    dialogue: Annotated[
        list[DialogueItem] | None,
        Field(
            description="Questions to the partner and its replies, oldest first.",
            max_length=50,
        ),
    ] = None
    first_approval: Annotated[
        FirstApproval | None,
        Field(
            alias="firstApproval",
            description="Approval of the first of two persons; a second one decides.",
        ),
    ] = None
    policy: Annotated[
        str | None,
        Field(
            description="Published policy that decided in place of a person.",
            pattern="^[a-z][A-Za-z0-9]{0,63}$",
        ),
    ] = None
