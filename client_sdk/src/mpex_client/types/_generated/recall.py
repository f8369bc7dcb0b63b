"""Generated from spec/schemas by tools/generators/client_types.py; never edited."""

from __future__ import annotations

from typing import Annotated, Literal

from mpex_client.types._view import View
from pydantic import Field

from . import common


class Recipient(View):
    partner: Annotated[
        str,
        Field(
            description="Permanent opaque identifier of kind `node`: 130 random bits in lower-case base32.",
            pattern="^node:[a-z2-7]{26}$",
        ),
    ]
    kind: Annotated[
        Literal["query", "release", "transfer"],
        Field(description="What it had received."),
    ]
    reference: Annotated[
        str,
        Field(
            description="Identifier of any kind.",
            pattern="^[a-z][A-Za-z]{1,30}:[a-z2-7]{26}$",
        ),
    ]
    state: Annotated[
        Literal["pending", "delivered", "acknowledged"], Field(description="State.")
    ]
    due_at: Annotated[
        str,
        Field(
            alias="dueAt",
            description="Instant in UTC, whole seconds, `Z`; a leap second is written as the second before.",
            pattern="^[1-9][0-9]{3}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-5][0-9]Z$",
        ),
    ]
    overdue: Annotated[
        bool | None, Field(description="True when no receipt came in time.")
    ] = None
    outcome: Annotated[
        Literal["erased", "restricted", "retainedByLaw", "marked"] | None,
        Field(description="Effect."),
    ] = None
    received_at: Annotated[
        str | None,
        Field(
            alias="receivedAt",
            description="Instant in UTC, whole seconds, `Z`; a leap second is written as the second before.",
            pattern="^[1-9][0-9]{3}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-5][0-9]Z$",
        ),
    ] = None
    receipt: Annotated[
        str | None, Field(description="Signed receipt, compact JWS.")
    ] = None
    reason: Annotated[
        str | None,
        Field(description="Reason of a retention.", pattern="^[a-z][A-Za-z0-9]{0,63}$"),
    ] = None
    review_date: Annotated[
        str | None,
        Field(
            alias="reviewDate",
            description="Date to the precision that is known: year, month or day.",
            pattern="^[0-9]{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?$",
        ),
    ] = None
    parts: Annotated[
        list[common.ReleasedPart] | None,
        Field(
            description="The parts that are called back; absent for the whole.",
            max_length=200,
            min_length=1,
        ),
    ] = None


class Origin(View):
    node: Annotated[
        str,
        Field(
            description="Permanent opaque identifier of kind `node`: 130 random bits in lower-case base32.",
            pattern="^node:[a-z2-7]{26}$",
        ),
    ]
    recall_id: Annotated[
        str,
        Field(
            alias="recallId",
            description="Permanent opaque identifier of kind `recall`: 130 random bits in lower-case base32.",
            pattern="^recall:[a-z2-7]{26}$",
        ),
    ]


class Recall(View):
    recall_id: Annotated[
        str,
        Field(
            alias="recallId",
            description="Permanent opaque identifier of kind `recall`: 130 random bits in lower-case base32.",
            pattern="^recall:[a-z2-7]{26}$",
        ),
    ]
    cause: Annotated[
        Literal["withdrawal", "correction", "dispute", "resolution", "missedReview", "erasure", "trustLost", "notTakenOver"],
        Field(description="Cause."),
    ]
    directive: Annotated[
        str | None,
        Field(
            description="Permanent opaque identifier of kind `directive`: 130 random bits in lower-case base32.",
            pattern="^directive:[a-z2-7]{26}$",
        ),
    ] = None
    record: Annotated[
        str,
        Field(
            description="Identifier of a person record or a remains unit; independent of any domain, never reused.",
            pattern="^(person|remains):[a-z2-7]{26}$",
        ),
    ]
    purposes: Annotated[
        list[Literal["searchLiving", "identifyDeceased", "notifyFamily", "familyReunification", "familySupport", "childProtection", "repatriation", "statistics", "protectLife", "criminalInvestigation", "immigrationEnforcement", "borderControl", "returnProcedure", "commercial"]] | None,
        Field(description="Purposes withdrawn; empty means all.", max_length=20),
    ] = None
    created_at: Annotated[
        str,
        Field(
            alias="createdAt",
            description="Instant in UTC, whole seconds, `Z`; a leap second is written as the second before.",
            pattern="^[1-9][0-9]{3}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-5][0-9]Z$",
        ),
    ]
    recipients: Annotated[
        list[Recipient], Field(description="Recipients.", max_length=1000)
    ]
    origin: Annotated[
        Origin | None,
        Field(description="The recall of another node that this one passes on."),
    ] = None
