"""Generated from spec/schemas by tools/generators/client_types.py; never edited."""

from __future__ import annotations

from typing import Annotated, Literal

from mpex_client.types._view import View
from pydantic import Field

from . import authorization_details as authorization_details_1


class TokenResponse(View):
    access_token: Annotated[str, Field(description="RFC 9068 token.")]
    token_type: Annotated[Literal["DPoP"], Field(description="RFC 9449.")]
    expires_in: Annotated[int, Field(description="Life, seconds.", ge=1, le=300)]
    authorization_details: Annotated[
        list[authorization_details_1.AuthorizationDetail],
        Field(
            description="RFC 9396 authorization details of a token request: exactly one object.",
            max_length=1,
            min_length=1,
            title="AuthorizationDetails",
        ),
    ]
