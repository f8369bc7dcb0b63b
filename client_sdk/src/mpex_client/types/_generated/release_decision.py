"""Generated from spec/schemas by tools/generators/client_types.py; never edited."""

from __future__ import annotations

from typing import Annotated, Literal

from mpex_client.types._view import View
from pydantic import ConfigDict, Field


class ReleaseDecision(View):
    model_config = ConfigDict(
        extra="forbid",
    )
    decision: Annotated[
        Literal["approve", "approveReduced", "refuse", "needMore"],
        Field(description="Decision."),
    ]
    categories: Annotated[
        list[Literal["existence", "summary", "identity", "names", "birth", "physical", "clothingEffects", "journey", "incident", "photo", "medical", "dental", "fingerprints", "dna", "informant", "contact", "remainsLocation", "vulnerability", "custody"]] | None,
        Field(
            description="Categories released; required for a reduced release.",
            max_length=30,
            min_length=1,
        ),
    ] = None
    cause: Annotated[
        str | None,
        Field(
            description="Coded cause of a refusal.", pattern="^[a-z][A-Za-z0-9]{0,63}$"
        ),
    ] = None
    question: Annotated[
        str | None, Field(description="What is needed.", max_length=2000, min_length=1)
    ] = None
    note: Annotated[
        str | None,
        Field(description="Note for the file.", max_length=2000, min_length=1),
    ] = None
