"""Generated from spec/schemas by tools/generators/client_types.py; never edited."""

from __future__ import annotations

from typing import Annotated, Literal

from mpex_client.types._view import View
from pydantic import Field


class EvidenceItem(View):
    category: Annotated[
        Literal["existence", "summary", "identity", "names", "birth", "physical", "clothingEffects", "journey", "incident", "photo", "medical", "dental", "fingerprints", "dna", "informant", "contact", "remainsLocation", "vulnerability", "custody"],
        Field(description="Data category."),
    ]
    agreement: Annotated[
        Literal["agrees", "partly", "contradicts", "unknown"],
        Field(description="Agreement."),
    ]


class Summary(View):
    age_band: Annotated[
        str | None,
        Field(
            alias="ageBand", description="Age band.", pattern="^[a-z][A-Za-z0-9]{0,63}$"
        ),
    ] = None
    sex: Annotated[
        Literal["female", "male", "other", "unknown"] | None, Field(description="Sex.")
    ] = None
    region: Annotated[
        str | None, Field(description="Region.", pattern="^[a-z][A-Za-z0-9]{0,63}$")
    ] = None
    year: Annotated[str | None, Field(description="Year.", pattern="^[0-9]{4}$")] = None
    route: Annotated[
        str | None, Field(description="Route.", pattern="^[a-z][A-Za-z0-9]{0,63}$")
    ] = None


class Hit(View):
    reference: Annotated[
        str,
        Field(
            description="Opaque reference, bound to requester, case, purpose and set; valid 30 days at the most.",
            pattern="^[A-Za-z0-9_-]{40,1024}$",
        ),
    ]
    record: Annotated[
        str | None,
        Field(
            description="The record; for the node's own staff only, never for a partner.",
            pattern="^(person|remains):[a-z2-7]{26}$",
        ),
    ] = None
    returned_set: Annotated[
        Literal["existence", "summary", "identity", "searchDetail", "forensic", "contact"],
        Field(alias="returnedSet", description="Named set of data categories."),
    ]
    band: Annotated[
        Literal["strong", "moderate", "weak"] | None,
        Field(description="Coarse strength; absent for `existence`."),
    ] = None
    evidence: Annotated[
        list[EvidenceItem] | None,
        Field(
            description="Evidence by category; absent for `existence`.", max_length=20
        ),
    ] = None
    summary: Annotated[
        Summary | None,
        Field(
            description="Computed summary, only where the set and the decision permit it."
        ),
    ] = None


class SearchResult(View):
    search_id: Annotated[
        str,
        Field(
            alias="searchId",
            description="Permanent opaque identifier of kind `search`: 130 random bits in lower-case base32.",
            pattern="^search:[a-z2-7]{26}$",
        ),
    ]
    outcome: Annotated[Literal["noHit", "possibleHit"], Field(description="Outcome.")]
    hits: Annotated[
        list[Hit],
        Field(description="Possible hits, best first, without numbers.", max_length=20),
    ]
    statement: Annotated[
        str,
        Field(
            description="Compact JWS of the holder over outcome, search, asker, tree size and time.",
            pattern="^[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+$",
        ),
    ]
