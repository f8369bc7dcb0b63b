"""Generated from spec/schemas by tools/generators/client_types.py; never edited."""

from __future__ import annotations

from typing import Annotated, Literal

from mpex_client.types._view import View
from pydantic import ConfigDict, Field


class RecallDeclaration(View):
    model_config = ConfigDict(
        extra="forbid",
    )
    record: Annotated[
        str,
        Field(
            description="Identifier of a person record or a remains unit; independent of any domain, never reused.",
            pattern="^(person|remains):[a-z2-7]{26}$",
        ),
    ]
    cause: Annotated[
        Literal["withdrawal", "correction", "dispute", "resolution", "missedReview", "erasure", "trustLost", "notTakenOver"],
        Field(
            description="Cause: dispute, resolution or missedReview; the others follow from what happens."
        ),
    ]
