"""Generated from spec/schemas by tools/generators/client_types.py; never edited."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from mpex_client.types._view import View
from pydantic import ConfigDict, Field
from typing_extensions import TypeAliasType


class Obligations(View):
    delete_by: Annotated[
        str,
        Field(
            alias="deleteBy",
            description="Instant in UTC, whole seconds, `Z`; a leap second is written as the second before.",
            pattern="^[1-9][0-9]{3}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-5][0-9]Z$",
        ),
    ]
    onward: Annotated[
        Literal["none", "samePurpose", "ask"], Field(description="Onward sharing.")
    ]
    do_not_share_with: Annotated[
        list[dict[str, Any]],
        Field(
            alias="doNotShareWith",
            description="Recipients that must receive nothing.",
            max_length=100,
        ),
    ]


Digest = TypeAliasType("Digest", Annotated[str, Field(pattern="^[A-Za-z0-9_-]{43}$")])


class OriginProof(View):
    model_config = ConfigDict(
        extra="forbid",
    )
    iss: Annotated[
        str,
        Field(
            description="Permanent opaque identifier of kind `node`: 130 random bits in lower-case base32.",
            pattern="^node:[a-z2-7]{26}$",
        ),
    ]
    aud: Annotated[
        str,
        Field(
            description="Node to which the custodian released.",
            pattern="^node:[a-z2-7]{26}$",
        ),
    ]
    jti: Annotated[
        str,
        Field(
            description="Permanent opaque identifier of kind `release`: 130 random bits in lower-case base32.",
            pattern="^release:[a-z2-7]{26}$",
        ),
    ]
    iat: Annotated[int, Field(description="Seconds since 1970.")]
    record: Annotated[
        str,
        Field(
            description="Identifier of a person record or a remains unit; independent of any domain, never reused.",
            pattern="^(person|remains):[a-z2-7]{26}$",
        ),
    ]
    version: Annotated[
        int, Field(description="Version of the record, counted by the custodian.", ge=1)
    ]
    purpose: Annotated[
        Literal["searchLiving", "identifyDeceased", "notifyFamily", "familyReunification", "familySupport", "childProtection", "repatriation", "statistics", "protectLife", "criminalInvestigation", "immigrationEnforcement", "borderControl", "returnProcedure", "commercial"],
        Field(description="Purpose of the processing."),
    ]
    valid_until: Annotated[
        str,
        Field(
            alias="validUntil",
            description="Instant in UTC, whole seconds, `Z`; a leap second is written as the second before.",
            pattern="^[1-9][0-9]{3}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-5][0-9]Z$",
        ),
    ]
    obligations: Annotated[
        Obligations, Field(description="Conditions that travel with the data.")
    ]
    digests: Annotated[
        list[Digest],
        Field(
            description="In ascending order, for each value base64url of SHA-256 over the code of its category, a colon and its digest in the statement, and random values besides, up to a multiple of 64.",
            max_length=4096,
            min_length=64,
        ),
    ]
