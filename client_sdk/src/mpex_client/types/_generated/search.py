"""Generated from spec/schemas by tools/generators/client_types.py; never edited."""

from __future__ import annotations

from typing import Annotated, Literal

from mpex_client.types._view import View
from pydantic import ConfigDict, Field

from . import common, sections


class Terms(View):
    model_config = ConfigDict(
        extra="forbid",
    )
    retention: Annotated[
        Literal["deleteAfterAnswer", "standing"] | None,
        Field(description="How long the holder may keep it."),
    ] = None
    onward: Annotated[
        Literal["none"] | None, Field(description="A query is never passed on.")
    ] = None
    delete_by: Annotated[
        str | None,
        Field(
            alias="deleteBy",
            description="When the holder has to have deleted it, whatever still waits for it: after 90 days at the latest, and a standing query after a year.",
            pattern="^[1-9][0-9]{3}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-5][0-9]Z$",
        ),
    ] = None


class Query(View):
    model_config = ConfigDict(
        extra="forbid",
    )
    summary: sections.Summary | None = None
    identity: sections.Identity | None = None
    names: sections.Names | None = None
    birth: sections.Birth | None = None
    physical: sections.Physical | None = None
    clothing_effects: Annotated[
        sections.ClothingEffects | None, Field(alias="clothingEffects")
    ] = None
    journey: sections.Journey | None = None
    incident: sections.Incident | None = None


class Search(View):
    model_config = ConfigDict(
        extra="forbid",
    )
    search_id: Annotated[
        str | None,
        Field(
            alias="searchId",
            description="Identifier that the asker mints, a new one for each partner. A partner must give it; the answer repeats it, and the query is recalled by it.",
            pattern="^search:[a-z2-7]{26}$",
        ),
    ] = None
    purpose: Annotated[
        Literal["searchLiving", "identifyDeceased", "notifyFamily", "familyReunification", "familySupport", "childProtection", "repatriation", "statistics", "protectLife", "criminalInvestigation", "immigrationEnforcement", "borderControl", "returnProcedure", "commercial"],
        Field(description="Purpose of the processing."),
    ]
    legal_basis: Annotated[
        Literal["consent", "vitalInterest", "publicInterest", "legitimateInterest", "legalObligation"],
        Field(alias="legalBasis", description="Legal basis of the processing."),
    ]
    case_reference: Annotated[
        str,
        Field(
            alias="caseReference",
            description="Opaque case reference of the asking node; carries no personal data.",
            pattern="^[A-Za-z0-9._-]{1,64}$",
        ),
    ]
    release_set: Annotated[
        Literal["existence", "summary", "identity", "searchDetail", "forensic", "contact"],
        Field(alias="releaseSet", description="Named set of data categories."),
    ]
    record: Annotated[
        str | None,
        Field(
            description="Record that the query stands for, for the node's own staff only: it and every record that was decided not to be the same are left out.",
            pattern="^(person|remains):[a-z2-7]{26}$",
        ),
    ] = None
    not_same: Annotated[
        list[common.Release] | None,
        Field(
            alias="notSame",
            description="Releases of this holder whose records the asker has decided to be of other people; those records are left out. For partners only.",
            max_length=100,
            min_length=1,
        ),
    ] = None
    among: Annotated[
        list[Literal["soughtPerson", "foundAlive", "unidentifiedLiving", "remainsUnit"]] | None,
        Field(
            description="Types of record to look among; absent means all.",
            max_length=4,
            min_length=1,
        ),
    ] = None
    query: Annotated[
        Query,
        Field(description="Query by example: the values that are known, by category."),
    ]
    terms: Annotated[
        Terms | None, Field(description="Conditions on the query as a disclosure.")
    ] = None
