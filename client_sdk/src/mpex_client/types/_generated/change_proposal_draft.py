"""Generated from spec/schemas by tools/generators/client_types.py; never edited."""

from __future__ import annotations

from typing import Annotated, Literal

from mpex_client.types._view import View
from pydantic import ConfigDict, Field


class ChangeProposalDraft(View):
    model_config = ConfigDict(
        extra="forbid",
    )
    kind: Annotated[
        Literal["addition", "correction"], Field(description="What is proposed.")
    ]
    record: Annotated[
        str,
        Field(
            description="Own record on the same person or remains, which is released for it.",
            pattern="^(person|remains):[a-z2-7]{26}$",
        ),
    ]
    categories: Annotated[
        list[Literal["existence", "summary", "identity", "names", "birth", "physical", "clothingEffects", "journey", "incident", "photo", "medical", "dental", "fingerprints", "dna", "informant", "contact", "remainsLocation", "vulnerability", "custody"]],
        Field(
            description="Categories of the own record that are proposed.",
            max_length=30,
            min_length=1,
        ),
    ]
    contribution: Annotated[
        str | None,
        Field(
            description="Contribution of the release that is contradicted.",
            pattern="^contribution:[a-z2-7]{26}$",
        ),
    ] = None
    legal_basis: Annotated[
        Literal["consent", "vitalInterest", "publicInterest", "legitimateInterest", "legalObligation"],
        Field(alias="legalBasis", description="Legal basis of the processing."),
    ]
