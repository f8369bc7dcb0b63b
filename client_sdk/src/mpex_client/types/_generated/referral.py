"""Generated from spec/schemas by tools/generators/client_types.py; never edited."""

from __future__ import annotations

from typing import Annotated

from mpex_client.types._view import View
from pydantic import Field


class Referral(View):
    referral_id: Annotated[
        str,
        Field(
            alias="referralId",
            description="Permanent opaque identifier of kind `referral`: 130 random bits in lower-case base32.",
            pattern="^referral:[a-z2-7]{26}$",
        ),
    ]
    search_request: Annotated[
        str | None,
        Field(
            alias="searchRequest",
            description="Permanent opaque identifier of kind `request`: 130 random bits in lower-case base32.",
            pattern="^request:[a-z2-7]{26}$",
        ),
    ] = None
    directive: Annotated[
        str | None,
        Field(
            description="Permanent opaque identifier of kind `directive`: 130 random bits in lower-case base32.",
            pattern="^directive:[a-z2-7]{26}$",
        ),
    ] = None
