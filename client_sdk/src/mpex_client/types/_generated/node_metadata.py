"""Generated from spec/schemas by tools/generators/client_types.py; never edited."""

from __future__ import annotations

from typing import Annotated, Literal

from mpex_client.types._view import View
from pydantic import Field
from typing_extensions import TypeAliasType

from . import common
from . import holdings as holdings_1
from . import office as office_1

ConformanceClass = TypeAliasType(
    "ConformanceClass", Annotated[str, Field(pattern="^[a-z][A-Za-z0-9]{0,63}$")]
)


Mandate = TypeAliasType("Mandate", Annotated[str, Field(max_length=200, min_length=1)])


class Limits(View):
    body_bytes: Annotated[
        int | None, Field(alias="bodyBytes", description="Largest body, bytes.", ge=0)
    ] = None
    json_depth: Annotated[
        int | None,
        Field(alias="jsonDepth", description="Deepest nesting, levels.", ge=0),
    ] = None
    array_items: Annotated[
        int | None,
        Field(
            alias="arrayItems",
            description="Items of the longest array, and members of the largest object.",
            ge=0,
        ),
    ] = None
    time_grid_ms: Annotated[
        int | None,
        Field(
            alias="timeGridMs",
            description="Grid of partner searches and 404, milliseconds.",
            ge=0,
        ),
    ] = None
    padding_bytes: Annotated[
        int | None,
        Field(alias="paddingBytes", description="Padding unit, bytes.", ge=0),
    ] = None
    partner_searches_per_day: Annotated[
        int | None,
        Field(
            alias="partnerSearchesPerDay",
            description="Searches per partner and day.",
            ge=0,
        ),
    ] = None
    case_searches_per_day: Annotated[
        int | None,
        Field(
            alias="caseSearchesPerDay",
            description="Searches of one partner in one case in a day.",
            ge=0,
        ),
    ] = None
    standing_searches_per_partner: Annotated[
        int | None,
        Field(
            alias="standingSearchesPerPartner",
            description="Standing queries that a partner may have at a time.",
            ge=0,
        ),
    ] = None
    partner_asks_per_day: Annotated[
        int | None,
        Field(
            alias="partnerAsksPerDay",
            description="Requests, messages, offers, questions and proposals to staff that a partner may send in a day.",
            ge=0,
        ),
    ] = None
    release_requests_per_day: Annotated[
        int | None,
        Field(
            alias="releaseRequestsPerDay",
            description="Release requests of one partner in a day.",
            ge=0,
        ),
    ] = None
    onward_recipients_per_release: Annotated[
        int | None,
        Field(
            alias="onwardRecipientsPerRelease",
            description="Onward releases that may be reported of one release, each with its recipient.",
            ge=0,
        ),
    ] = None
    token_seconds: Annotated[
        int | None,
        Field(alias="tokenSeconds", description="Life of a token, seconds.", ge=0),
    ] = None
    clock_skew_seconds: Annotated[
        int | None,
        Field(
            alias="clockSkewSeconds",
            description="Clock difference tolerated, seconds.",
            ge=0,
        ),
    ] = None
    idempotency_hours: Annotated[
        int | None,
        Field(
            alias="idempotencyHours",
            description="Life of an idempotency key, hours.",
            ge=0,
        ),
    ] = None
    release_decision_hours: Annotated[
        int | None,
        Field(
            alias="releaseDecisionHours",
            description="Due time of a release decision, hours of the working calendar.",
            ge=0,
        ),
    ] = None
    hit_reference_days: Annotated[
        int | None,
        Field(
            alias="hitReferenceDays", description="Life of a hit reference, days.", ge=0
        ),
    ] = None
    recall_acknowledgement_hours: Annotated[
        int | None,
        Field(
            alias="recallAcknowledgementHours",
            description="Due time of a receipt, hours.",
            ge=0,
        ),
    ] = None
    log_merge_seconds: Annotated[
        int | None,
        Field(
            alias="logMergeSeconds",
            description="Largest delay until an entry is in the log, seconds.",
            ge=0,
        ),
    ] = None
    erasure_wait_days: Annotated[
        int | None,
        Field(
            alias="erasureWaitDays",
            description="Waiting period before an erasure on request, days.",
            ge=0,
        ),
    ] = None
    trust_seconds: Annotated[
        int | None,
        Field(
            alias="trustSeconds",
            description="Largest delay until access ends after a mark was taken back, seconds.",
            ge=0,
        ),
    ] = None


class SearchSurge(View):
    surge_id: Annotated[
        str,
        Field(
            alias="surgeId",
            description="Permanent opaque identifier of kind `surge`: 130 random bits in lower-case base32.",
            pattern="^surge:[a-z2-7]{26}$",
        ),
    ]
    partner: Annotated[
        str | None,
        Field(
            description="Partner that it is for; absent means every partner.",
            pattern="^node:[a-z2-7]{26}$",
        ),
    ] = None
    searches_per_day: Annotated[
        int,
        Field(
            alias="searchesPerDay",
            description="Searches that each partner may send in a day while it lasts.",
            ge=1,
            le=100000,
        ),
    ]
    until: Annotated[
        str,
        Field(
            description="Instant in UTC, whole seconds, `Z`; a leap second is written as the second before.",
            pattern="^[1-9][0-9]{3}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-5][0-9]Z$",
        ),
    ]


class Log(View):
    origin: Annotated[
        str,
        Field(
            description="Origin line of the checkpoints.", max_length=200, min_length=1
        ),
    ]
    key: Annotated[
        str,
        Field(
            description="Verifier key in signed-note format.",
            max_length=300,
            min_length=1,
        ),
    ]


class Storage(View):
    engine: Annotated[Literal["sqlite", "postgresql"], Field(description="Engine.")]
    row_level_security: Annotated[
        bool,
        Field(
            alias="rowLevelSecurity",
            description="Whether the database itself shows the node no rows of another node, and none about persons for a prohibited purpose.",
        ),
    ]


class NodeMetadata(View):
    node_id: Annotated[
        str,
        Field(
            alias="nodeId",
            description="Permanent opaque identifier of kind `node`: 130 random bits in lower-case base32.",
            pattern="^node:[a-z2-7]{26}$",
        ),
    ]
    name: Annotated[str, Field(description="Name.", max_length=200, min_length=1)]
    spec_version: Annotated[
        Literal["1.0-draft"],
        Field(alias="specVersion", description="Version of the standard."),
    ]
    environment: Annotated[
        Literal["production", "sandbox"], Field(description="Environment.")
    ]
    participation_class: Annotated[
        Literal["intakeOnly", "hostedTenant", "mailbox", "fullNode", "anchor", "witness"],
        Field(alias="participationClass", description="Participation class."),
    ]
    conformance_classes: Annotated[
        list[ConformanceClass],
        Field(
            alias="conformanceClasses",
            description="Conformance classes claimed.",
            max_length=30,
        ),
    ]
    recipient_class: Annotated[
        Literal["humanitarian", "forensic", "health", "rescue", "childProtection", "consular", "judicial", "police", "borderAuthority", "immigrationAuthority", "other"],
        Field(alias="recipientClass", description="Class of a recipient."),
    ]
    purposes: Annotated[
        list[Literal["searchLiving", "identifyDeceased", "notifyFamily", "familyReunification", "familySupport", "childProtection", "repatriation", "statistics", "protectLife", "criminalInvestigation", "immigrationEnforcement", "borderControl", "returnProcedure", "commercial"]],
        Field(description="Purposes of its mandate.", max_length=20),
    ]
    territories: Annotated[
        list[common.Country] | None, Field(description="Territories.", max_length=250)
    ] = None
    parent_ministry: Annotated[
        str | None,
        Field(
            alias="parentMinistry",
            description="Ministry above it.",
            max_length=200,
            min_length=1,
        ),
    ] = None
    mandates: Annotated[
        list[Mandate] | None, Field(description="Mandates.", max_length=20)
    ] = None
    contact_office: Annotated[common.ContactOffice, Field(alias="contactOffice")]
    limits: Annotated[Limits, Field(description="Published limits.")]
    search_surges: Annotated[
        list[SearchSurge] | None,
        Field(
            alias="searchSurges",
            description="Larger search budgets that are in force.",
            max_length=100,
        ),
    ] = None
    holdings: holdings_1.Holdings | None = None
    office: office_1.Office | None = None
    log: Annotated[Log, Field(description="Transparency log.")]
    storage: Annotated[Storage, Field(description="Floor below the application.")]
