"""Generated from spec/schemas by tools/generators/client_types.py; never edited."""

from __future__ import annotations

from typing import Annotated, Literal

from mpex_client.types._view import View
from pydantic import Field

from . import breach


class Task(View):
    task_id: Annotated[
        str,
        Field(
            alias="taskId",
            description="Permanent opaque identifier of kind `task`: 130 random bits in lower-case base32.",
            pattern="^task:[a-z2-7]{26}$",
        ),
    ]
    kind: Annotated[
        Literal["silentHit", "releaseRequest", "overdueRecall", "frozenRecord", "successor", "majorityReview", "probedRecord", "retentionReview", "assistanceRequest", "assistanceDue", "assistanceAnswer", "caseMessage", "laboratoryInstruction", "emergencyReview", "informPerson", "possibleDuplicate", "releaseOffered", "onwardRequest", "review", "standingNews", "custodyOffer", "releaseEnds", "missingEvent", "identityError", "breach", "identificationProposed", "jointIdentification", "erasureConfirmation", "protection", "custodyApproval", "changeProposed", "changeAnswered", "dispute", "childProtection", "consentReview"],
        Field(description="Kind."),
    ]
    state: Annotated[Literal["open", "done"], Field(description="State.")]
    subject: Annotated[
        str,
        Field(
            description="Identifier of any kind.",
            pattern="^[a-z][A-Za-z]{1,30}:[a-z2-7]{26}$",
        ),
    ]
    partner: Annotated[
        str | None,
        Field(
            description="Permanent opaque identifier of kind `node`: 130 random bits in lower-case base32.",
            pattern="^node:[a-z2-7]{26}$",
        ),
    ] = None
    purpose: Annotated[
        Literal["searchLiving", "identifyDeceased", "notifyFamily", "familyReunification", "familySupport", "childProtection", "repatriation", "statistics", "protectLife", "criminalInvestigation", "immigrationEnforcement", "borderControl", "returnProcedure", "commercial"] | None,
        Field(description="Purpose of the processing."),
    ] = None
    breaches: Annotated[
        list[breach.Breach] | None,
        Field(
            description="What the partner reports of what befell the data.",
            max_length=20,
            min_length=1,
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
    due_at: Annotated[
        str,
        Field(
            alias="dueAt",
            description="Instant in UTC, whole seconds, `Z`; a leap second is written as the second before.",
            pattern="^[1-9][0-9]{3}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-5][0-9]Z$",
        ),
    ]
    escalated_at: Annotated[
        str | None,
        Field(
            alias="escalatedAt",
            description="Instant in UTC, whole seconds, `Z`; a leap second is written as the second before.",
            pattern="^[1-9][0-9]{3}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-5][0-9]Z$",
        ),
    ] = None
    done_at: Annotated[
        str | None,
        Field(
            alias="doneAt",
            description="Instant in UTC, whole seconds, `Z`; a leap second is written as the second before.",
            pattern="^[1-9][0-9]{3}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-5][0-9]Z$",
        ),
    ] = None
    done_by: Annotated[
        str | None,
        Field(
            alias="doneBy",
            description="Client that closed it by hand.",
            max_length=100,
            min_length=1,
        ),
    ] = None
    note: Annotated[
        str | None,
        Field(description="Note for the file.", max_length=2000, min_length=1),
    ] = None
