"""Generated from spec/schemas by tools/generators/client_types.py; never edited."""

from __future__ import annotations

from typing import Annotated

from mpex_client.types._view import View
from pydantic import Field


class RecoveryCode(View):
    request_id: Annotated[
        str,
        Field(
            alias="requestId",
            description="Permanent opaque identifier of kind `request`: 130 random bits in lower-case base32.",
            pattern="^request:[a-z2-7]{26}$",
        ),
    ]
    code: Annotated[
        str | None,
        Field(
            description="The code, to be printed and not kept; absent when the answer is repeated.",
            pattern="^[A-Z2-7]{5}(-[A-Z2-7]{5}){4}$",
        ),
    ] = None
    issued_at: Annotated[
        str,
        Field(
            alias="issuedAt",
            description="Instant in UTC, whole seconds, `Z`; a leap second is written as the second before.",
            pattern="^[1-9][0-9]{3}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-5][0-9]Z$",
        ),
    ]
