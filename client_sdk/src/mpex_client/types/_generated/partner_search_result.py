"""Generated from spec/schemas by tools/generators/client_types.py; never edited."""

from __future__ import annotations

from typing import Annotated, Literal

from mpex_client.types._view import View
from pydantic import Field
from typing_extensions import TypeAliasType

from . import search_result

WithheldReason = TypeAliasType(
    "WithheldReason", Annotated[str, Field(pattern="^[a-z][A-Za-z0-9]{0,63}$")]
)


class News(View):
    partner: Annotated[
        str,
        Field(
            description="Permanent opaque identifier of kind `node`: 130 random bits in lower-case base32.",
            pattern="^node:[a-z2-7]{26}$",
        ),
    ]
    at: Annotated[
        str,
        Field(
            description="Instant in UTC, whole seconds, `Z`; a leap second is written as the second before.",
            pattern="^[1-9][0-9]{3}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-5][0-9]Z$",
        ),
    ]
    choice: Annotated[
        Literal["contact", "messageOnly", "aliveOnly", "nothing"],
        Field(description="What may be told."),
    ]
    message: Annotated[
        str | None,
        Field(description="Message of the person.", max_length=2000, min_length=1),
    ] = None
    retracted: Annotated[
        Literal[True] | None,
        Field(description="What was told before may not be told any more."),
    ] = None
    search_anew: Annotated[
        Literal[True] | None,
        Field(
            alias="searchAnew",
            description="A standing query fits something new: search anew.",
        ),
    ] = None


class News1(View):
    partner: Annotated[
        str,
        Field(
            description="Permanent opaque identifier of kind `node`: 130 random bits in lower-case base32.",
            pattern="^node:[a-z2-7]{26}$",
        ),
    ]
    at: Annotated[
        str,
        Field(
            description="Instant in UTC, whole seconds, `Z`; a leap second is written as the second before.",
            pattern="^[1-9][0-9]{3}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-5][0-9]Z$",
        ),
    ]
    choice: Annotated[
        Literal["contact", "messageOnly", "aliveOnly", "nothing"] | None,
        Field(description="What may be told."),
    ] = None
    message: Annotated[
        str | None,
        Field(description="Message of the person.", max_length=2000, min_length=1),
    ] = None
    retracted: Annotated[
        Literal[True],
        Field(description="What was told before may not be told any more."),
    ]
    search_anew: Annotated[
        Literal[True] | None,
        Field(
            alias="searchAnew",
            description="A standing query fits something new: search anew.",
        ),
    ] = None


class News2(View):
    partner: Annotated[
        str,
        Field(
            description="Permanent opaque identifier of kind `node`: 130 random bits in lower-case base32.",
            pattern="^node:[a-z2-7]{26}$",
        ),
    ]
    at: Annotated[
        str,
        Field(
            description="Instant in UTC, whole seconds, `Z`; a leap second is written as the second before.",
            pattern="^[1-9][0-9]{3}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-5][0-9]Z$",
        ),
    ]
    choice: Annotated[
        Literal["contact", "messageOnly", "aliveOnly", "nothing"] | None,
        Field(description="What may be told."),
    ] = None
    message: Annotated[
        str | None,
        Field(description="Message of the person.", max_length=2000, min_length=1),
    ] = None
    retracted: Annotated[
        Literal[True] | None,
        Field(description="What was told before may not be told any more."),
    ] = None
    search_anew: Annotated[
        Literal[True],
        Field(
            alias="searchAnew",
            description="A standing query fits something new: search anew.",
        ),
    ]


class Result(View):
    partner: Annotated[
        str,
        Field(
            description="Permanent opaque identifier of kind `node`: 130 random bits in lower-case base32.",
            pattern="^node:[a-z2-7]{26}$",
        ),
    ]
    state: Annotated[
        Literal["answered", "withheld", "unreachable"], Field(description="State.")
    ]
    sent_categories: Annotated[
        list[Literal["existence", "summary", "identity", "names", "birth", "physical", "clothingEffects", "journey", "incident", "photo", "medical", "dental", "fingerprints", "dna", "informant", "contact", "remainsLocation", "vulnerability", "custody"]] | None,
        Field(
            alias="sentCategories",
            description="Categories that the query disclosed.",
            max_length=30,
        ),
    ] = None
    withheld_reasons: Annotated[
        list[WithheldReason] | None,
        Field(
            alias="withheldReasons",
            description="Reasons of this node's own decision.",
            max_length=10,
        ),
    ] = None
    result: search_result.SearchResult | None = None


class PartnerSearchResult(View):
    partner_search_id: Annotated[
        str,
        Field(
            alias="partnerSearchId",
            description="Permanent opaque identifier of kind `partnerSearch`: 130 random bits in lower-case base32.",
            pattern="^partnerSearch:[a-z2-7]{26}$",
        ),
    ]
    person: Annotated[
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
    case_reference: Annotated[
        str,
        Field(
            alias="caseReference",
            description="Opaque case reference of the asking node; carries no personal data.",
            pattern="^[A-Za-z0-9._-]{1,64}$",
        ),
    ]
    reason: Annotated[
        str | None,
        Field(
            description="Why so many partners are asked; mandatory for more than five.",
            max_length=500,
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
    search_request: Annotated[
        str | None,
        Field(
            alias="searchRequest",
            description="Permanent opaque identifier of kind `request`: 130 random bits in lower-case base32.",
            pattern="^request:[a-z2-7]{26}$",
        ),
    ] = None
    standing_until: Annotated[
        str | None,
        Field(
            alias="standingUntil",
            description="Until when the queries stand.",
            pattern="^[1-9][0-9]{3}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-5][0-9]Z$",
        ),
    ] = None
    ended_at: Annotated[
        str | None,
        Field(
            alias="endedAt",
            description="When the standing queries were called back: the request was closed, or the record is not in use any more.",
            pattern="^[1-9][0-9]{3}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-5][0-9]Z$",
        ),
    ] = None
    results: Annotated[list[Result], Field(description="Results.", max_length=20)]
    news: Annotated[
        list[News | News1 | News2], Field(description="News.", max_length=50)
    ]
