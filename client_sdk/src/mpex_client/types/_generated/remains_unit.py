"""Generated from spec/schemas by tools/generators/client_types.py; never edited."""

from __future__ import annotations

from typing import Annotated, Literal

from mpex_client.types._view import View
from pydantic import Field

from . import common, contribution


class Dispute(View):
    since: Annotated[
        str,
        Field(
            description="Instant in UTC, whole seconds, `Z`; a leap second is written as the second before.",
            pattern="^[1-9][0-9]{3}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-5][0-9]Z$",
        ),
    ]
    pointer: Annotated[
        str | None,
        Field(
            description="JSON Pointer of the contested value.",
            max_length=300,
            min_length=1,
        ),
    ] = None
    reason: Annotated[
        str | None,
        Field(description="Why it is contested.", max_length=500, min_length=1),
    ] = None
    opened_by: Annotated[
        Literal["enquirer", "person", "partner", "staff"],
        Field(alias="openedBy", description="Who contests it."),
    ]


class PostMortemItem(View):
    process: Annotated[
        str, Field(description="Process.", pattern="^[a-z][A-Za-z0-9]{0,63}$")
    ]
    state: Annotated[
        Literal["notStarted", "assigned", "inProgress", "completed", "notApplicable", "notPossible"],
        Field(description="State."),
    ]


class RemainsUnit(View):
    record_id: Annotated[
        str | None,
        Field(
            alias="recordId",
            description="Permanent opaque identifier of kind `remains`: 130 random bits in lower-case base32.",
            pattern="^remains:[a-z2-7]{26}$",
        ),
    ] = None
    version: Annotated[
        int | None,
        Field(description="Version of the record, counted by the custodian.", ge=1),
    ] = None
    custodian: Annotated[
        str | None,
        Field(
            description="Permanent opaque identifier of kind `node`: 130 random bits in lower-case base32.",
            pattern="^node:[a-z2-7]{26}$",
        ),
    ] = None
    status: Annotated[
        Literal["open", "located", "identified", "closed", "withdrawn", "restricted"],
        Field(description="Status of the record."),
    ]
    legal_basis: Annotated[
        Literal["consent", "vitalInterest", "publicInterest", "legitimateInterest", "legalObligation"],
        Field(alias="legalBasis", description="Legal basis of the processing."),
    ]
    controller: Annotated[
        str | None,
        Field(
            description="Organisation that answers for the processing.",
            max_length=200,
            min_length=1,
        ),
    ] = None
    governing_law: Annotated[
        str | None,
        Field(
            alias="governingLaw",
            description="Law that governs the record.",
            max_length=200,
            min_length=1,
        ),
    ] = None
    contact_office: Annotated[common.ContactOffice, Field(alias="contactOffice")]
    synthetic: Annotated[
        bool | None,
        Field(description="True for made-up records of tests and training."),
    ] = None
    review_due: Annotated[
        str | None,
        Field(
            alias="reviewDue",
            description="Date to the precision that is known: year, month or day.",
            pattern="^[0-9]{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?$",
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
    links: Annotated[
        list[common.Link] | None,
        Field(description="Links to other objects.", max_length=200),
    ] = None
    dispute: Annotated[
        Dispute | None,
        Field(description="Contested accuracy; the mark travels with the data."),
    ] = None
    change_reason: Annotated[
        str | None,
        Field(
            alias="changeReason",
            description="Why this version differs from the one before.",
            max_length=300,
            min_length=1,
        ),
    ] = None
    change_code: Annotated[
        str | None,
        Field(
            alias="changeCode",
            description="Why this version differs, as a code.",
            pattern="^[a-z][A-Za-z0-9]{0,63}$",
        ),
    ] = None
    type: Annotated[Literal["remainsUnit"], Field(description="Type of record.")]
    parts: Annotated[
        list[common.RemainsPart] | None,
        Field(description="Part inventory.", max_length=300),
    ] = None
    parent_set: Annotated[
        str | None,
        Field(
            alias="parentSet",
            description="Permanent opaque identifier of kind `remains`: 130 random bits in lower-case base32.",
            pattern="^remains:[a-z2-7]{26}$",
        ),
    ] = None
    split_from: Annotated[
        str | None,
        Field(
            alias="splitFrom",
            description="Permanent opaque identifier of kind `remains`: 130 random bits in lower-case base32.",
            pattern="^remains:[a-z2-7]{26}$",
        ),
    ] = None
    split_into: Annotated[
        list[common.Remains] | None,
        Field(
            alias="splitInto",
            description="Units that were taken from this one.",
            max_length=300,
        ),
    ] = None
    merged_from: Annotated[
        list[common.Remains] | None,
        Field(
            alias="mergedFrom",
            description="Units that this one took up.",
            max_length=300,
        ),
    ] = None
    merged_into: Annotated[
        str | None,
        Field(
            alias="mergedInto",
            description="Permanent opaque identifier of kind `remains`: 130 random bits in lower-case base32.",
            pattern="^remains:[a-z2-7]{26}$",
        ),
    ] = None
    commingled: Annotated[
        bool | None, Field(description="Whether remains of several people are mixed.")
    ] = None
    minimum_individuals: Annotated[
        int | None,
        Field(
            alias="minimumIndividuals",
            description="Minimum number of individuals, persons.",
            ge=1,
            le=10000,
        ),
    ] = None
    condition: Annotated[
        Literal["complete", "incomplete", "fragmented", "decomposed", "skeletonised", "mummified", "burned", "unknown"] | None,
        Field(description="Condition."),
    ] = None
    post_mortem: Annotated[
        list[PostMortemItem] | None,
        Field(alias="postMortem", description="Post-mortem processes.", max_length=30),
    ] = None
    directives: Annotated[
        list[common.Directive] | None,
        Field(
            description="Directives that speak for the whole record: of the person, a guardian, a court or a child protection authority.",
            max_length=50,
        ),
    ] = None
    contributions: Annotated[
        list[contribution.Contribution],
        Field(description="Contributions.", max_length=200, min_length=1),
    ]
