"""Generated from spec/schemas by tools/generators/client_types.py; never edited."""

from __future__ import annotations

from typing import Annotated, Literal

from mpex_client.types._view import View
from pydantic import ConfigDict, Field


class CustodyAnswer(View):
    model_config = ConfigDict(
        extra="forbid",
    )
    answer: Annotated[Literal["take", "decline"], Field(description="Answer.")]
    withheld_accepted: Annotated[
        bool | None,
        Field(
            alias="withheldAccepted",
            description="That what the directives withhold of the record is lost is accepted.",
        ),
    ] = None
