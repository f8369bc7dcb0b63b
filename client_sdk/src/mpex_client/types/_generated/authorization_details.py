"""Generated from spec/schemas by tools/generators/client_types.py; never edited."""

from __future__ import annotations

from typing import Annotated, Literal

from mpex_client.types._view import View
from pydantic import ConfigDict, Field


class AuthorizationDetail(View):
    model_config = ConfigDict(
        extra="forbid",
    )
    type: Annotated[Literal["urn:mpex:access"], Field(description="Type.")]
    purpose: Annotated[
        Literal["searchLiving", "identifyDeceased", "notifyFamily", "familyReunification", "familySupport", "childProtection", "repatriation", "statistics", "protectLife", "criminalInvestigation", "immigrationEnforcement", "borderControl", "returnProcedure", "commercial"],
        Field(description="Purpose of the processing."),
    ]
    legal_basis: Annotated[
        Literal["consent", "vitalInterest", "publicInterest", "legitimateInterest", "legalObligation"],
        Field(alias="legalBasis", description="Legal basis of the processing."),
    ]
    actions: Annotated[
        list[Literal["accessReports:read", "assistance:read", "assistance:write", "custody:collect", "custody:read", "custody:write", "deaths:assert", "directives:read", "directives:review", "directives:write", "embargoes:lift", "erasures:confirm", "erasures:read", "erasures:write", "events:receive", "groups:read", "groups:write", "identifications:read", "identifications:write", "identityErrors:answer", "identityErrors:create", "identityErrors:read", "incidents:read", "incidents:write", "log:audit", "log:read", "matches:read", "matches:write", "messages:read", "messages:write", "notifications:write", "partnerReleaseRequests:create", "partnerReleaseRequests:read", "partnerSearches:create", "partnerSearches:read", "partners:read", "persons:choose", "persons:read", "persons:write", "proposals:answer", "proposals:create", "proposals:read", "recalls:create", "recalls:read", "receivedReleases:read", "receivedReleases:retain", "receivedReleases:share", "releaseCases:decide", "releaseCases:read", "releaseRequests:create", "releaseRequests:read", "releases:collect", "remains:read", "remains:write", "requests:contact", "requests:read", "requests:recover", "requests:write", "samples:read", "samples:write", "searchSurges:read", "searchSurges:write", "searches:create", "tasks:read", "tasks:write"]],
        Field(description="Actions asked.", max_length=60, min_length=1),
    ]
    categories: Annotated[
        list[Literal["existence", "summary", "identity", "names", "birth", "physical", "clothingEffects", "journey", "incident", "photo", "medical", "dental", "fingerprints", "dna", "informant", "contact", "remainsLocation", "vulnerability", "custody"]] | None,
        Field(
            description="Categories asked; absent means all that decisions permit.",
            max_length=30,
        ),
    ] = None
