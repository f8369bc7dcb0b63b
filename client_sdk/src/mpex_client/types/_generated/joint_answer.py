"""Generated from spec/schemas by tools/generators/client_types.py; never edited."""

from __future__ import annotations

from typing import Annotated, Literal

from mpex_client.types._view import View
from pydantic import ConfigDict, Field


class JointAnswer(View):
    model_config = ConfigDict(
        extra="forbid",
    )
    answer: Annotated[Literal["concur", "disagree"], Field(description="Answer.")]
    identification: Annotated[
        str | None,
        Field(
            description="Permanent opaque identifier of kind `identification`: 130 random bits in lower-case base32.",
            pattern="^identification:[a-z2-7]{26}$",
        ),
    ] = None
    reason: Annotated[
        str | None,
        Field(
            description="Why the officer disagrees.", pattern="^[a-z][A-Za-z0-9]{0,63}$"
        ),
    ] = None
