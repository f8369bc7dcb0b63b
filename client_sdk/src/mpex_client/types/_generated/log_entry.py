"""Generated from spec/schemas by tools/generators/client_types.py; never edited."""

from __future__ import annotations

from typing import Annotated, Literal

from mpex_client.types._view import View
from pydantic import ConfigDict, Field
from typing_extensions import TypeAliasType

Key = TypeAliasType("Key", Annotated[str, Field(pattern="^[A-Za-z0-9_-]{43}$")])


class LogEntry(View):
    model_config = ConfigDict(
        extra="forbid",
    )
    v: Annotated[Literal[1], Field(description="Version of the format.")]
    leaf: Annotated[
        str,
        Field(
            description="Permanent opaque identifier of kind `leaf`: 130 random bits in lower-case base32.",
            pattern="^leaf:[a-z2-7]{26}$",
        ),
    ]
    at: Annotated[
        str,
        Field(
            description="Instant in UTC, whole seconds, `Z`; a leap second is written as the second before.",
            pattern="^[1-9][0-9]{3}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-5][0-9]Z$",
        ),
    ]
    event: Annotated[
        str, Field(description="What happened.", pattern="^[a-z][A-Za-z0-9]{0,63}$")
    ]
    actor: Annotated[
        str, Field(description="Client or node.", max_length=120, min_length=1)
    ]
    subject: Annotated[
        str | None,
        Field(
            description="Salted pseudonym of the record; the salt lives with the record's key.",
            pattern="^[A-Za-z0-9_-]{43}$",
        ),
    ] = None
    candidates: Annotated[
        str | None,
        Field(
            description="Salted commitment to candidates.",
            pattern="^[A-Za-z0-9_-]{43}$",
        ),
    ] = None
    purpose: Annotated[
        Literal["searchLiving", "identifyDeceased", "notifyFamily", "familyReunification", "familySupport", "childProtection", "repatriation", "statistics", "protectLife", "criminalInvestigation", "immigrationEnforcement", "borderControl", "returnProcedure", "commercial"] | None,
        Field(description="Purpose of the processing."),
    ] = None
    case_reference: Annotated[
        str | None,
        Field(
            alias="caseReference",
            description="Opaque case reference of the asking node; carries no personal data.",
            pattern="^[A-Za-z0-9._-]{1,64}$",
        ),
    ] = None
    outcome: Annotated[
        str, Field(description="Outcome.", pattern="^[a-z][A-Za-z0-9]{0,63}$")
    ]
    reason: Annotated[
        str | None, Field(description="Reason code.", max_length=80, min_length=1)
    ] = None
    proof: Annotated[
        str | None,
        Field(
            description="Identifier of the DPoP proof.", max_length=256, min_length=1
        ),
    ] = None
    entity: Annotated[
        str | None,
        Field(
            description="Entity of which an anchor decided.",
            max_length=300,
            min_length=1,
        ),
    ] = None
    keys: Annotated[
        list[Key] | None,
        Field(
            description="Keys for which an anchor vouches from now on, by the SHA-256 thumbprint of RFC 7638.",
            max_length=10,
            min_length=1,
        ),
    ] = None
    mark_type: Annotated[
        str | None,
        Field(
            alias="markType",
            description="Type of the marks of which an anchor decided.",
            max_length=120,
            min_length=1,
        ),
    ] = None
    mark: Annotated[
        str | None,
        Field(
            description="Identifier (`jti`) of the mark of which an anchor decided.",
            max_length=120,
            min_length=1,
        ),
    ] = None
