"""Generated from spec/schemas by tools/generators/client_types.py; never edited."""

from __future__ import annotations

from typing import Annotated

from mpex_client.types._view import View
from pydantic import Field
from typing_extensions import TypeAliasType

MarkStatus = TypeAliasType(
    "MarkStatus",
    Annotated[
        str,
        Field(
            description="Compact JWS of OpenID Federation 1.0: whether a trust mark stands, as its issuer says today.",
            max_length=65536,
            pattern="^[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+$",
            title="MarkStatus",
        ),
    ],
)
