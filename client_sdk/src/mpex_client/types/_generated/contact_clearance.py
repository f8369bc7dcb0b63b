"""Generated from spec/schemas by tools/generators/client_types.py; never edited."""

from __future__ import annotations

from typing import Annotated

from mpex_client.types._view import View
from pydantic import Field

from . import common


class ContactClearance(View):
    contact_id: Annotated[
        str,
        Field(
            alias="contactId",
            description="Permanent opaque identifier of kind `contact`: 130 random bits in lower-case base32.",
            pattern="^contact:[a-z2-7]{26}$",
        ),
    ]
    at: Annotated[
        str,
        Field(
            description="Instant in UTC, whole seconds, `Z`; a leap second is written as the second before.",
            pattern="^[1-9][0-9]{3}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-5][0-9]Z$",
        ),
    ]
    channel: Annotated[
        str, Field(description="Channel.", pattern="^[a-z][A-Za-z0-9]{0,63}$")
    ]
    outside_rules: Annotated[
        bool,
        Field(
            alias="outsideRules",
            description="Whether the contact breaks a rule of the enquirer, for the reason that was given.",
        ),
    ]
    rules: Annotated[
        list[common.SafeContact] | None,
        Field(
            description="How to reach the enquirer, or the person as each account says it.",
            max_length=1000,
            min_length=1,
        ),
    ] = None
