"""Generated from spec/schemas by tools/generators/client_types.py; never edited."""

from __future__ import annotations

from typing import Annotated, Literal

from mpex_client.types._view import View
from pydantic import ConfigDict, Field


class ChangeProposalAnswer(View):
    model_config = ConfigDict(
        extra="forbid",
    )
    answer: Annotated[Literal["accept", "decline"], Field(description="Answer.")]
    reason: Annotated[
        str | None,
        Field(
            description="Why it is declined; it stays at the node that declines.",
            pattern="^[a-z][A-Za-z0-9]{0,63}$",
        ),
    ] = None
