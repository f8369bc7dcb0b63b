"""Generated from spec/schemas by tools/generators/client_types.py; never edited."""

from __future__ import annotations

from typing import Annotated

from mpex_client.types._view import View
from pydantic import ConfigDict, Field


class EmbargoLift(View):
    model_config = ConfigDict(
        extra="forbid",
    )
    officer: Annotated[
        str,
        Field(
            description="Name and function of the officer who answers for it.",
            max_length=200,
            min_length=1,
        ),
    ]
    reason: Annotated[
        str,
        Field(
            description="Why nobody can be told first.", max_length=1000, min_length=1
        ),
    ]
    at: Annotated[
        str | None,
        Field(
            description="Instant in UTC, whole seconds, `Z`; a leap second is written as the second before.",
            pattern="^[1-9][0-9]{3}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-5][0-9]Z$",
        ),
    ] = None
