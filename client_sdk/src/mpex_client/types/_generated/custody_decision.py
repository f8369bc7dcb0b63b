"""Generated from spec/schemas by tools/generators/client_types.py; never edited."""

from __future__ import annotations

from typing import Annotated, Literal

from mpex_client.types._view import View
from pydantic import ConfigDict, Field


class CustodyDecision(View):
    model_config = ConfigDict(
        extra="forbid",
    )
    decision: Annotated[
        Literal["approve", "refuse", "cancel"], Field(description="Decision.")
    ]
