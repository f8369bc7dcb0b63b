"""Generated from spec/schemas by tools/generators/client_types.py; never edited."""

from __future__ import annotations

from typing import Annotated, Literal

from mpex_client.types._view import View
from pydantic import Field


class TokenRequest(View):
    grant_type: Annotated[Literal["client_credentials"], Field(description="RFC 6749.")]
    client_id: Annotated[str | None, Field(description="Client.", max_length=200)] = (
        None
    )
    client_assertion_type: Annotated[
        Literal["urn:ietf:params:oauth:client-assertion-type:jwt-bearer"],
        Field(description="RFC 7523."),
    ]
    client_assertion: Annotated[
        str, Field(description="Signed assertion.", max_length=8000)
    ]
    authorization_details: Annotated[
        str, Field(description="JSON text of `authorization-details`.", max_length=8000)
    ]
