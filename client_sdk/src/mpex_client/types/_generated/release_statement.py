"""Generated from spec/schemas by tools/generators/client_types.py; never edited."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from mpex_client.types._view import View
from pydantic import ConfigDict, Field
from typing_extensions import TypeAliasType

from . import common


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


class Origin(View):
    custodian: Annotated[
        str,
        Field(
            description="Permanent opaque identifier of kind `node`: 130 random bits in lower-case base32.",
            pattern="^node:[a-z2-7]{26}$",
        ),
    ]
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
    release: Annotated[
        str | None,
        Field(
            description="Permanent opaque identifier of kind `release`: 130 random bits in lower-case base32.",
            pattern="^release:[a-z2-7]{26}$",
        ),
    ] = None
    chain: Annotated[
        list[common.Node] | None,
        Field(
            description="Nodes that the data have passed, from the custodian to the one that released them here.",
            max_length=20,
            min_length=1,
        ),
    ] = None


DigestsAdditionalPropertyItem = TypeAliasType(
    "DigestsAdditionalPropertyItem",
    Annotated[str, Field(pattern="^[A-Za-z0-9_-]{43}$")],
)


DigestsAdditionalProperty = TypeAliasType(
    "DigestsAdditionalProperty",
    Annotated[
        list[DigestsAdditionalPropertyItem],
        Field(description="One digest for each value.", max_length=200, min_length=1),
    ],
)


class ReleaseStatement(View):
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
            description="Permanent opaque identifier of kind `node`: 130 random bits in lower-case base32.",
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
    purpose: Annotated[
        Literal["searchLiving", "identifyDeceased", "notifyFamily", "familyReunification", "familySupport", "childProtection", "repatriation", "statistics", "protectLife", "criminalInvestigation", "immigrationEnforcement", "borderControl", "returnProcedure", "commercial"],
        Field(description="Purpose of the processing."),
    ]
    case_reference: Annotated[
        str,
        Field(
            alias="caseReference",
            description="Opaque case reference of the asking node; carries no personal data.",
            pattern="^[A-Za-z0-9._-]{1,64}$",
        ),
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
    origin: Annotated[
        Origin,
        Field(
            description="Where the data come from; `release` and `chain` where they were passed on."
        ),
    ]
    disputed: Annotated[
        bool | None,
        Field(
            description="True when somebody contests what the record says; the recipient keeps the mark with the data."
        ),
    ] = None
    digests: Annotated[
        dict[Literal["existence", "summary", "identity", "names", "birth", "physical", "clothingEffects", "journey", "incident", "photo", "medical", "dental", "fingerprints", "dna", "informant", "contact", "remainsLocation", "vulnerability", "custody"], DigestsAdditionalProperty],
        Field(
            description="By category, for each value base64url of SHA-256 over the bytes of its salt and the canonical JSON of the rest of its entry."
        ),
    ]
