"""Generated from spec/schemas by tools/generators/client_types.py; never edited."""

from __future__ import annotations

from typing import Annotated, Literal

from mpex_client.types._view import View
from pydantic import ConfigDict, Field


class Subject(View):
    model_config = ConfigDict(
        extra="forbid",
    )
    record: Annotated[
        str | None,
        Field(
            description="Identifier of a person record or a remains unit; independent of any domain, never reused.",
            pattern="^(person|remains):[a-z2-7]{26}$",
        ),
    ] = None
    received_release: Annotated[
        str | None,
        Field(
            alias="receivedRelease",
            description="Permanent opaque identifier of kind `receivedRelease`: 130 random bits in lower-case base32.",
            pattern="^receivedRelease:[a-z2-7]{26}$",
        ),
    ] = None


class EvidenceItem(View):
    model_config = ConfigDict(
        extra="forbid",
    )
    category: Annotated[
        Literal["existence", "summary", "identity", "names", "birth", "physical", "clothingEffects", "journey", "incident", "photo", "medical", "dental", "fingerprints", "dna", "informant", "contact", "remainsLocation", "vulnerability", "custody"],
        Field(description="Data category."),
    ]
    agreement: Annotated[
        Literal["agrees", "partly", "contradicts", "unknown"],
        Field(description="Agreement."),
    ]
    note: Annotated[
        str | None, Field(description="Note.", max_length=500, min_length=1)
    ] = None


class Match(View):
    model_config = ConfigDict(
        extra="forbid",
    )
    match_id: Annotated[
        str | None,
        Field(
            alias="matchId",
            description="Permanent opaque identifier of kind `match`: 130 random bits in lower-case base32.",
            pattern="^match:[a-z2-7]{26}$",
        ),
    ] = None
    subjects: Annotated[
        list[Subject], Field(description="The two sides.", max_length=2, min_length=2)
    ]
    decision: Annotated[
        Literal["possible", "notSame", "leadsTo"], Field(description="Decision.")
    ]
    evidence: Annotated[
        list[EvidenceItem], Field(description="Evidence.", max_length=30)
    ]
    identification: Annotated[
        str | None,
        Field(
            description="Permanent opaque identifier of kind `identification`: 130 random bits in lower-case base32.",
            pattern="^identification:[a-z2-7]{26}$",
        ),
    ] = None
    decided_at: Annotated[
        str | None,
        Field(
            alias="decidedAt",
            description="Instant in UTC, whole seconds, `Z`; a leap second is written as the second before.",
            pattern="^[1-9][0-9]{3}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-5][0-9]Z$",
        ),
    ] = None
    decided_by: Annotated[
        str | None,
        Field(
            alias="decidedBy",
            description="Client that decided.",
            max_length=100,
            min_length=1,
        ),
    ] = None
