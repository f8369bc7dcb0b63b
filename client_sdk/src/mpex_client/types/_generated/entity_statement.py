"""Generated from spec/schemas by tools/generators/client_types.py; never edited."""

from __future__ import annotations

from typing import Annotated

from mpex_client.types._view import View
from pydantic import Field
from typing_extensions import TypeAliasType

EntityStatement = TypeAliasType(
    "EntityStatement",
    Annotated[
        str,
        Field(
            description="Compact JWS of OpenID Federation 1.0: what an entity says of itself, or its superior of it.",
            max_length=65536,
            pattern="^[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+$",
            title="EntityStatement",
        ),
    ],
)
