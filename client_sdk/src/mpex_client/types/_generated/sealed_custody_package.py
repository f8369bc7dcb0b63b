"""Generated from spec/schemas by tools/generators/client_types.py; never edited."""

from __future__ import annotations

from typing import Annotated

from mpex_client.types._view import View
from pydantic import ConfigDict, Field


class SealedCustodyPackage(View):
    model_config = ConfigDict(
        extra="forbid",
    )
    transfer: Annotated[
        str,
        Field(
            description="Permanent opaque identifier of kind `transfer`: 130 random bits in lower-case base32.",
            pattern="^transfer:[a-z2-7]{26}$",
        ),
    ]
    kid: Annotated[
        str,
        Field(
            description="Key of the new custodian, by its name in the registry.",
            max_length=200,
            min_length=1,
        ),
    ]
    enc: Annotated[
        str,
        Field(
            description="Encapsulated key, base64url.", pattern="^[A-Za-z0-9_-]{43}$"
        ),
    ]
    ciphertext: Annotated[
        str,
        Field(
            description="The record in transfer in UTF-8, sealed, base64url.",
            max_length=2000000,
            pattern="^[A-Za-z0-9_-]{23,}$",
        ),
    ]
