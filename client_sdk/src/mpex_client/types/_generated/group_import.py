"""Generated from spec/schemas by tools/generators/client_types.py; never edited."""

from __future__ import annotations

from typing import Annotated, Any

from mpex_client.types._view import View
from pydantic import ConfigDict, Field


class GroupImport(View):
    model_config = ConfigDict(
        extra="forbid",
    )
    members: Annotated[
        list[dict[str, Any]],
        Field(description="Members.", max_length=500, min_length=1),
    ]
    directive: Annotated[
        str | None,
        Field(
            description="Permanent opaque identifier of kind `directive`: 130 random bits in lower-case base32.",
            pattern="^directive:[a-z2-7]{26}$",
        ),
    ] = None
