"""Generated from spec/schemas by tools/generators/client_types.py; never edited."""

from __future__ import annotations

from typing import Annotated

from mpex_client.types._view import View
from pydantic import Field
from typing_extensions import TypeAliasType

EventToken = TypeAliasType(
    "EventToken",
    Annotated[
        str,
        Field(
            description="Compact JWS; claims: event-claims.",
            max_length=65536,
            pattern="^[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+$",
            title="EventToken",
        ),
    ],
)
