"""Generated from spec/schemas by tools/generators/client_types.py; never edited."""

from __future__ import annotations

from typing import Annotated, Literal

from mpex_client.types._view import View
from pydantic import Field

from . import problem


class Outcome(View):
    outcome: Annotated[
        Literal["created", "updated", "unchanged", "rejected"],
        Field(description="What happened."),
    ]
    record_id: Annotated[
        str | None,
        Field(
            alias="recordId",
            description="Permanent opaque identifier of kind `person`: 130 random bits in lower-case base32.",
            pattern="^person:[a-z2-7]{26}$",
        ),
    ] = None
    errors: Annotated[
        list[problem.Error] | None, Field(description="What was wrong.", max_length=50)
    ] = None


class PersonImportResult(View):
    outcomes: Annotated[list[Outcome], Field(description="Outcomes.", max_length=500)]
