"""Generated from spec/schemas by tools/generators/client_types.py; never edited."""

from __future__ import annotations

from typing import Annotated, Any

from mpex_client.types._view import View
from pydantic import Field


class Key(View):
    kty: Annotated[str, Field(description="Key type.")]
    kid: Annotated[str, Field(description="Key identifier.")]
    d: Any | None = None


class Jwks(View):
    keys: Annotated[list[Key], Field(description="Keys.", max_length=50, min_length=1)]
