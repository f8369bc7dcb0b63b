"""Generated from spec/schemas by tools/generators/client_types.py; never edited."""

from __future__ import annotations

from typing import Annotated, Literal

from mpex_client.types._view import View
from pydantic import ConfigDict, Field

from . import common


class Scope(View):
    model_config = ConfigDict(
        extra="forbid",
    )
    purposes: Annotated[
        list[Literal["searchLiving", "identifyDeceased", "notifyFamily", "familyReunification", "familySupport", "childProtection", "repatriation", "statistics", "protectLife", "criminalInvestigation", "immigrationEnforcement", "borderControl", "returnProcedure", "commercial"]] | None,
        Field(
            description="Purposes that the authority covers.",
            max_length=20,
            min_length=1,
        ),
    ] = None
    categories: Annotated[
        list[Literal["existence", "summary", "identity", "names", "birth", "physical", "clothingEffects", "journey", "incident", "photo", "medical", "dental", "fingerprints", "dna", "informant", "contact", "remainsLocation", "vulnerability", "custody"]] | None,
        Field(
            description="Categories that the authority covers.",
            max_length=30,
            min_length=1,
        ),
    ] = None


class GivenBy(View):
    model_config = ConfigDict(
        extra="forbid",
    )
    authority: Annotated[
        Literal["self", "court", "childProtection", "guardian", "parent", "mandate", "enquirer", "institution"],
        Field(description="Authority."),
    ]
    relationship: Annotated[
        str | None,
        Field(description="Relationship.", pattern="^[a-z][A-Za-z0-9]{0,63}$"),
    ] = None
    scope: Annotated[
        Scope | None,
        Field(
            description="What the authority covers; absent means everything. A permit reaches no further."
        ),
    ] = None
    valid_until: Annotated[
        str | None,
        Field(
            alias="validUntil",
            description="Instant in UTC, whole seconds, `Z`; a leap second is written as the second before.",
            pattern="^[1-9][0-9]{3}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-5][0-9]Z$",
        ),
    ] = None


class Evidence(View):
    model_config = ConfigDict(
        extra="forbid",
    )
    sha256: Annotated[
        str,
        Field(
            description="SHA-256 of the file, in hexadecimal digits.",
            pattern="^[0-9a-f]{64}$",
        ),
    ]
    kept_by: Annotated[
        str | None,
        Field(
            alias="keptBy",
            description="Office that keeps it.",
            max_length=200,
            min_length=1,
        ),
    ] = None


class Grant(View):
    model_config = ConfigDict(
        extra="forbid",
    )
    effect: Annotated[Literal["permit", "deny"], Field(description="Permit or deny.")]
    purposes: Annotated[
        list[Literal["searchLiving", "identifyDeceased", "notifyFamily", "familyReunification", "familySupport", "childProtection", "repatriation", "statistics", "protectLife", "criminalInvestigation", "immigrationEnforcement", "borderControl", "returnProcedure", "commercial"]],
        Field(description="Purposes; one or more.", max_length=20, min_length=1),
    ]
    categories: Annotated[
        list[Literal["existence", "summary", "identity", "names", "birth", "physical", "clothingEffects", "journey", "incident", "photo", "medical", "dental", "fingerprints", "dna", "informant", "contact", "remainsLocation", "vulnerability", "custody"]] | None,
        Field(description="Categories.", max_length=30),
    ] = None
    release_sets: Annotated[
        list[Literal["existence", "summary", "identity", "searchDetail", "forensic", "contact"]] | None,
        Field(alias="releaseSets", description="Release sets.", max_length=10),
    ] = None
    recipient_classes: Annotated[
        list[Literal["humanitarian", "forensic", "health", "rescue", "childProtection", "consular", "judicial", "police", "borderAuthority", "immigrationAuthority", "other"]] | None,
        Field(
            alias="recipientClasses",
            description="Classes of recipients.",
            max_length=20,
        ),
    ] = None
    recipient_ids: Annotated[
        list[common.Node] | None,
        Field(alias="recipientIds", description="Named recipients.", max_length=100),
    ] = None
    territories: Annotated[
        list[common.Country] | None,
        Field(
            description="Where data may be accessed; none named means anywhere.",
            max_length=250,
        ),
    ] = None
    onward: Annotated[
        Literal["none", "samePurpose", "ask"] | None,
        Field(description="Onward sharing."),
    ] = None
    not_before: Annotated[
        str | None,
        Field(
            alias="notBefore",
            description="Instant in UTC, whole seconds, `Z`; a leap second is written as the second before.",
            pattern="^[1-9][0-9]{3}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-5][0-9]Z$",
        ),
    ] = None
    expires: Annotated[
        str | None,
        Field(
            description="Instant in UTC, whole seconds, `Z`; a leap second is written as the second before.",
            pattern="^[1-9][0-9]{3}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-5][0-9]Z$",
        ),
    ] = None


class DoNotShareWithItem(View):
    model_config = ConfigDict(
        extra="forbid",
    )
    node_id: Annotated[
        str | None,
        Field(
            alias="nodeId",
            description="Permanent opaque identifier of kind `node`: 130 random bits in lower-case base32.",
            pattern="^node:[a-z2-7]{26}$",
        ),
    ] = None
    recipient_class: Annotated[
        Literal["humanitarian", "forensic", "health", "rescue", "childProtection", "consular", "judicial", "police", "borderAuthority", "immigrationAuthority", "other"] | None,
        Field(alias="recipientClass", description="Class of a recipient."),
    ] = None
    parent_ministry: Annotated[
        str | None,
        Field(
            alias="parentMinistry",
            description="Ministry.",
            max_length=200,
            min_length=1,
        ),
    ] = None
    unit: Annotated[
        str | None, Field(description="Unit.", max_length=200, min_length=1)
    ] = None
    mandate: Annotated[
        str | None, Field(description="Mandate.", max_length=200, min_length=1)
    ] = None


class Review(View):
    at: Annotated[
        str,
        Field(
            description="Instant in UTC, whole seconds, `Z`; a leap second is written as the second before.",
            pattern="^[1-9][0-9]{3}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-5][0-9]Z$",
        ),
    ]
    review_due: Annotated[
        str,
        Field(
            alias="reviewDue",
            description="When it said that the next one is due.",
            pattern="^[0-9]{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?$",
        ),
    ]
    reason: Annotated[
        str,
        Field(description="Why the directive stands.", max_length=500, min_length=1),
    ]


class Withdrawal(View):
    at: Annotated[
        str,
        Field(
            description="Instant in UTC, whole seconds, `Z`; a leap second is written as the second before.",
            pattern="^[1-9][0-9]{3}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-5][0-9]Z$",
        ),
    ]
    purposes: Annotated[
        list[Literal["searchLiving", "identifyDeceased", "notifyFamily", "familyReunification", "familySupport", "childProtection", "repatriation", "statistics", "protectLife", "criminalInvestigation", "immigrationEnforcement", "borderControl", "returnProcedure", "commercial"]] | None,
        Field(description="Purposes withdrawn; none named means all.", max_length=20),
    ] = None


class ConsentDirective(View):
    model_config = ConfigDict(
        extra="forbid",
    )
    directive_id: Annotated[
        str | None,
        Field(
            alias="directiveId",
            description="Permanent opaque identifier of kind `directive`: 130 random bits in lower-case base32.",
            pattern="^directive:[a-z2-7]{26}$",
        ),
    ] = None
    version: Annotated[
        int | None,
        Field(description="Version of the record, counted by the custodian.", ge=1),
    ] = None
    legal_basis: Annotated[
        Literal["consent", "vitalInterest", "publicInterest", "legitimateInterest", "legalObligation"],
        Field(alias="legalBasis", description="Legal basis of the processing."),
    ]
    data_subject: Annotated[
        Literal["soughtPerson", "livingPerson", "enquirer", "donor", "remains", "mentioned", "incident"],
        Field(alias="dataSubject", description="Whom the directive speaks for."),
    ]
    given_by: Annotated[
        GivenBy,
        Field(alias="givenBy", description="Authority under which it was given."),
    ]
    given_at: Annotated[
        str,
        Field(
            alias="givenAt",
            description="Instant in UTC, whole seconds, `Z`; a leap second is written as the second before.",
            pattern="^[1-9][0-9]{3}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-5][0-9]Z$",
        ),
    ]
    method: Annotated[
        Literal["written", "oral", "digital", "institutional"],
        Field(description="How it was given."),
    ]
    language: Annotated[
        str | None,
        Field(
            description="BCP 47 language tag.",
            max_length=35,
            pattern="^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$",
        ),
    ] = None
    evidence: Annotated[
        Evidence | None,
        Field(
            description="What proves that it was given, such as a signed form or a recording. It stays where it is kept."
        ),
    ] = None
    notice_version: Annotated[
        str | None,
        Field(
            alias="noticeVersion",
            description="Version of the privacy notice.",
            max_length=60,
            min_length=1,
        ),
    ] = None
    grants: Annotated[
        list[Grant],
        Field(
            description="Permissions and denials; empty means held and not shared.",
            max_length=100,
        ),
    ]
    do_not_share_with: Annotated[
        list[DoNotShareWithItem] | None,
        Field(
            alias="doNotShareWith",
            description="Recipients that must receive nothing.",
            max_length=100,
        ),
    ] = None
    publication: Annotated[
        Literal["none", "statusOnly", "reverse", "full"] | None,
        Field(description="Publication."),
    ] = None
    review_due: Annotated[
        str | None,
        Field(
            alias="reviewDue",
            description="When somebody asks whether it still stands; the date changes nothing by itself.",
            pattern="^[0-9]{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?$",
        ),
    ] = None
    reviews: Annotated[
        list[Review] | None,
        Field(
            description="Reviews so far, the latest ones where there are many.",
            max_length=100,
        ),
    ] = None
    withdrawals: Annotated[
        list[Withdrawal] | None,
        Field(description="Withdrawals so far.", max_length=100),
    ] = None
    frozen_at: Annotated[
        str | None,
        Field(
            alias="frozenAt",
            description="When whoever gave it died; it permits nothing from then on.",
            pattern="^[1-9][0-9]{3}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-5][0-9]Z$",
        ),
    ] = None
    succeeded_by: Annotated[
        str | None,
        Field(
            alias="succeededBy",
            description="The directive of the successor.",
            pattern="^directive:[a-z2-7]{26}$",
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
