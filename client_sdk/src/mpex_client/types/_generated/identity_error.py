"""Generated from spec/schemas by tools/generators/client_types.py; never edited."""

from __future__ import annotations

from typing import Annotated, Literal

from mpex_client.types._view import View
from pydantic import ConfigDict, Field

from . import identity_error_answer


class IdentityError(View):
    model_config = ConfigDict(
        extra="forbid",
    )
    identity_error_id: Annotated[
        str | None,
        Field(
            alias="identityErrorId",
            description="Permanent opaque identifier of kind `identityError`: 130 random bits in lower-case base32.",
            pattern="^identityError:[a-z2-7]{26}$",
        ),
    ] = None
    version: Annotated[
        int | None,
        Field(description="Version of the record, counted by the custodian.", ge=1),
    ] = None
    record: Annotated[
        str,
        Field(
            description="Identifier of a person record or a remains unit; independent of any domain, never reused.",
            pattern="^(person|remains):[a-z2-7]{26}$",
        ),
    ]
    reported_by: Annotated[
        Literal["enquirer", "person", "partner", "staff"],
        Field(alias="reportedBy", description="Who reports it."),
    ]
    reason: Annotated[
        str,
        Field(
            description="What speaks against the identity.",
            max_length=2000,
            min_length=1,
        ),
    ]
    created_at: Annotated[
        str | None,
        Field(
            alias="createdAt",
            description="Instant in UTC, whole seconds, `Z`; a leap second is written as the second before.",
            pattern="^[1-9][0-9]{3}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-5][0-9]Z$",
        ),
    ] = None
    answer: identity_error_answer.IdentityErrorAnswer | None = None
