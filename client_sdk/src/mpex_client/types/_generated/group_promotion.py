"""Generated from spec/schemas by tools/generators/client_types.py; never edited."""

from __future__ import annotations

from typing import Annotated

from mpex_client.types._view import View
from pydantic import ConfigDict, Field


class GroupPromotion(View):
    model_config = ConfigDict(
        extra="forbid",
    )
    record: Annotated[
        str,
        Field(
            description="Permanent opaque identifier of kind `person`: 130 random bits in lower-case base32.",
            pattern="^person:[a-z2-7]{26}$",
        ),
    ]
