"""Generated from spec/schemas by tools/generators/client_types.py; never edited."""

from __future__ import annotations

from typing import Annotated, Literal

from mpex_client.types._view import View
from pydantic import ConfigDict, Field


class Withdrawal(View):
    model_config = ConfigDict(
        extra="forbid",
    )
    purposes: Annotated[
        list[Literal["searchLiving", "identifyDeceased", "notifyFamily", "familyReunification", "familySupport", "childProtection", "repatriation", "statistics", "protectLife", "criminalInvestigation", "immigrationEnforcement", "borderControl", "returnProcedure", "commercial"]] | None,
        Field(
            description="Purposes to withdraw; absent means all.",
            max_length=20,
            min_length=1,
        ),
    ] = None
    reason: Annotated[
        str | None,
        Field(
            description="Reason, if the person wishes to give one.",
            max_length=300,
            min_length=1,
        ),
    ] = None
