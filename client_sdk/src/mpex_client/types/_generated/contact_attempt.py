"""Generated from spec/schemas by tools/generators/client_types.py; never edited."""

from __future__ import annotations

from typing import Annotated

from mpex_client.types._view import View
from pydantic import ConfigDict, Field


class ContactAttempt(View):
    model_config = ConfigDict(
        extra="forbid",
    )
    channel: Annotated[
        str, Field(description="Channel.", pattern="^[a-z][A-Za-z0-9]{0,63}$")
    ]
    reason: Annotated[
        str | None,
        Field(
            description="Why the contact is made outside the rules of the enquirer.",
            max_length=500,
            min_length=1,
        ),
    ] = None
