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


class Fate(View):
    value: Annotated[
        Literal["unknown", "alive", "deceased"],
        Field(description="Whether the person lives."),
    ]
    certainty_state: Annotated[
        Literal["preliminary", "confirmed", "revoked"],
        Field(alias="certaintyState", description="State of the assertion."),
    ]
    method: Annotated[
        str | None, Field(description="Method.", max_length=120, min_length=1)
    ] = None
    asserted_by: Annotated[
        str,
        Field(
            alias="assertedBy",
            description="Authority that asserts it.",
            max_length=200,
            min_length=1,
        ),
    ]


class Whereabouts(View):
    value: Annotated[
        Literal["known", "unknown"], Field(description="Whether the place is known.")
    ]
    certainty_state: Annotated[
        Literal["preliminary", "confirmed", "revoked"],
        Field(alias="certaintyState", description="State of the assertion."),
    ]
    method: Annotated[
        str | None, Field(description="Method.", max_length=120, min_length=1)
    ] = None
    asserted_by: Annotated[
        str,
        Field(
            alias="assertedBy",
            description="Authority that asserts it.",
            max_length=200,
            min_length=1,
        ),
    ]


class PersonRecord(View):
    record_id: Annotated[
        str | None,
        Field(
            alias="recordId",
            description="Permanent opaque identifier of kind `person`: 130 random bits in lower-case base32.",
            pattern="^person:[a-z2-7]{26}$",
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
    child_protection_contact: Annotated[
        common.ContactOffice | None,
        Field(
            alias="childProtectionContact",
            description="Office that acts for the child.",
        ),
    ] = None
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
    type: Annotated[
        Literal["soughtPerson", "foundAlive", "unidentifiedLiving"],
        Field(description="Type of record."),
    ]
    name_unknown: Annotated[
        Literal[True] | None,
        Field(alias="nameUnknown", description="Says that no name is known."),
    ] = None
    fate: Annotated[Fate | None, Field(description="Whether the person lives.")] = None
    whereabouts: Annotated[
        Whereabouts | None, Field(description="Whether the place is known.")
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
        Field(
            description="Contributions, each with its own directive.",
            max_length=200,
            min_length=1,
        ),
    ]
