"""Generated from spec/schemas by tools/generators/client_types.py; never edited."""

from __future__ import annotations

from typing import Annotated

from mpex_client.types._view import View
from pydantic import ConfigDict, Field


class Freeze(View):
    model_config = ConfigDict(
        extra="forbid",
    )
    at: Annotated[
        str | None,
        Field(
            description="When, if known; absent means now.",
            pattern="^[1-9][0-9]{3}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-5][0-9]Z$",
        ),
    ] = None
