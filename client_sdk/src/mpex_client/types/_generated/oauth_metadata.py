"""Generated from spec/schemas by tools/generators/client_types.py; never edited."""

from __future__ import annotations

from typing import Annotated

from mpex_client.types._view import View
from pydantic import Field
from typing_extensions import TypeAliasType


class OauthMetadata1(View):
    issuer: Annotated[str, Field(description="Issuer.")]
    resource: Annotated[str | None, Field(description="Resource.")] = None


class OauthMetadata2(View):
    issuer: Annotated[str | None, Field(description="Issuer.")] = None
    resource: Annotated[str, Field(description="Resource.")]


OauthMetadata = TypeAliasType(
    "OauthMetadata",
    Annotated[
        OauthMetadata1 | OauthMetadata2,
        Field(description="RFC 8414 or RFC 9728 document.", title="OauthMetadata"),
    ],
)
