"""Generated from spec/schemas by tools/generators/client_types.py; never edited."""

from __future__ import annotations

from typing import Annotated, Literal

from mpex_client.types._view import View
from pydantic import ConfigDict, Field


class Breach(View):
    model_config = ConfigDict(
        extra="forbid",
    )
    kind: Annotated[
        Literal["breach", "compelledDisclosure"], Field(description="What happened.")
    ]
    learnt_at: Annotated[
        str,
        Field(
            alias="learntAt",
            description="Instant in UTC, whole seconds, `Z`; a leap second is written as the second before.",
            pattern="^[1-9][0-9]{3}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-5][0-9]Z$",
        ),
    ]
