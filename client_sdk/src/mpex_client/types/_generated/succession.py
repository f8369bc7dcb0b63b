"""Generated from spec/schemas by tools/generators/client_types.py; never edited."""

from __future__ import annotations

from typing import Annotated

from mpex_client.types._view import View
from pydantic import ConfigDict, Field


class Succession(View):
    model_config = ConfigDict(
        extra="forbid",
    )
    directive: Annotated[
        str,
        Field(
            description="Permanent opaque identifier of kind `directive`: 130 random bits in lower-case base32.",
            pattern="^directive:[a-z2-7]{26}$",
        ),
    ]
