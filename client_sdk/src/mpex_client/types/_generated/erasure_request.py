"""Generated from spec/schemas by tools/generators/client_types.py; never edited."""

from __future__ import annotations

from typing import Annotated, Literal

from mpex_client.types._view import View
from pydantic import ConfigDict, Field

from . import common


class ErasureRequest(View):
    model_config = ConfigDict(
        extra="forbid",
    )
    erasure_id: Annotated[
        str | None,
        Field(
            alias="erasureId",
            description="Permanent opaque identifier of kind `erasure`: 130 random bits in lower-case base32.",
            pattern="^erasure:[a-z2-7]{26}$",
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
    asker: Annotated[
        Literal["person", "guardian", "protectiveAuthority", "enquirer"],
        Field(description="Who asks. An enquirer disposes of own contributions only."),
    ]
    search_request: Annotated[
        str | None,
        Field(
            alias="searchRequest",
            description="Search request of the enquirer who asks.",
            pattern="^request:[a-z2-7]{26}$",
        ),
    ] = None
    identity_proof: Annotated[common.IdentityProof, Field(alias="identityProof")]
    coercion_check: Annotated[common.CoercionCheck, Field(alias="coercionCheck")]
    state: Annotated[
        Literal["waiting", "refused", "revoked", "erased"] | None,
        Field(description="How far it is."),
    ] = None
    taken_by: Annotated[
        str | None,
        Field(
            alias="takenBy",
            description="First client of the person who took the request.",
            max_length=128,
            min_length=1,
        ),
    ] = None
    ends_at: Annotated[
        str | None,
        Field(
            alias="endsAt",
            description="End of the waiting period.",
            pattern="^[1-9][0-9]{3}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-5][0-9]Z$",
        ),
    ] = None
    confirmation: Annotated[
        common.CoercionCheck | None,
        Field(description="What was found before the erasure was confirmed."),
    ] = None
    confirmed_by: Annotated[
        str | None,
        Field(
            alias="confirmedBy",
            description="First client of the person who confirmed the erasure.",
            max_length=128,
            min_length=1,
        ),
    ] = None
    erased_at: Annotated[
        str | None,
        Field(
            alias="erasedAt",
            description="When it was erased.",
            pattern="^[1-9][0-9]{3}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-5][0-9]Z$",
        ),
    ] = None
    created_at: Annotated[
        str | None,
        Field(
            alias="createdAt",
            description="Instant in UTC, whole seconds, `Z`; a leap second is written as the second before.",
            pattern="^[1-9][0-9]{3}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-5][0-9]Z$",
        ),
    ] = None
