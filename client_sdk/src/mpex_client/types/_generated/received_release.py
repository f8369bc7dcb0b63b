"""Generated from spec/schemas by tools/generators/client_types.py; never edited."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from mpex_client.types._view import View
from pydantic import Field

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


class Retention(View):
    reason: Annotated[
        str, Field(description="The law.", pattern="^[a-z][A-Za-z0-9]{0,63}$")
    ]
    review_date: Annotated[
        str,
        Field(
            alias="reviewDate",
            description="Day on which it is looked at again, at most a year ahead.",
            pattern="^[0-9]{4}-[0-9]{2}-[0-9]{2}$",
        ),
    ]
    declared_at: Annotated[
        str,
        Field(
            alias="declaredAt",
            description="Instant in UTC, whole seconds, `Z`; a leap second is written as the second before.",
            pattern="^[1-9][0-9]{3}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-5][0-9]Z$",
        ),
    ]
    declared_by: Annotated[
        str,
        Field(
            alias="declaredBy",
            description="Client that declared it.",
            max_length=100,
            min_length=1,
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


class ReceivedRelease(View):
    received_release_id: Annotated[
        str,
        Field(
            alias="receivedReleaseId",
            description="Permanent opaque identifier of kind `receivedRelease`: 130 random bits in lower-case base32.",
            pattern="^receivedRelease:[a-z2-7]{26}$",
        ),
    ]
    from_: Annotated[
        str,
        Field(
            alias="from",
            description="Permanent opaque identifier of kind `node`: 130 random bits in lower-case base32.",
            pattern="^node:[a-z2-7]{26}$",
        ),
    ]
    release: Annotated[
        str,
        Field(
            description="Permanent opaque identifier of kind `release`: 130 random bits in lower-case base32.",
            pattern="^release:[a-z2-7]{26}$",
        ),
    ]
    state: Annotated[
        Literal["active", "restricted", "erased", "expired", "suspended"],
        Field(description="State."),
    ]
    purpose: Annotated[
        Literal["searchLiving", "identifyDeceased", "notifyFamily", "familyReunification", "familySupport", "childProtection", "repatriation", "statistics", "protectLife", "criminalInvestigation", "immigrationEnforcement", "borderControl", "returnProcedure", "commercial"],
        Field(description="Purpose of the processing."),
    ]
    case_reference: Annotated[
        str | None,
        Field(
            alias="caseReference",
            description="Opaque case reference of the asking node; carries no personal data.",
            pattern="^[A-Za-z0-9._-]{1,64}$",
        ),
    ] = None
    received_at: Annotated[
        str,
        Field(
            alias="receivedAt",
            description="Instant in UTC, whole seconds, `Z`; a leap second is written as the second before.",
            pattern="^[1-9][0-9]{3}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-5][0-9]Z$",
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
    record: Annotated[
        str | None,
        Field(
            description="Identifier of a person record or a remains unit; independent of any domain, never reused.",
            pattern="^(person|remains):[a-z2-7]{26}$",
        ),
    ] = None
    categories: Annotated[
        list[Literal["existence", "summary", "identity", "names", "birth", "physical", "clothingEffects", "journey", "incident", "photo", "medical", "dental", "fingerprints", "dna", "informant", "contact", "remainsLocation", "vulnerability", "custody"]] | None,
        Field(description="Categories received.", max_length=30),
    ] = None
    disclosures: Annotated[
        dict[Literal["existence", "summary", "identity", "names", "birth", "physical", "clothingEffects", "journey", "incident", "photo", "medical", "dental", "fingerprints", "dna", "informant", "contact", "remainsLocation", "vulnerability", "custody"], Any] | None,
        Field(description="Data by category; absent unless active."),
    ] = None
    disputed: Annotated[
        bool | None,
        Field(
            description="True when the custodian says that a fact is contested; the mark is shown with the data."
        ),
    ] = None
    superseded_by: Annotated[
        int | None,
        Field(
            alias="supersededBy",
            description="Version of the record that takes the place of this one; collect it anew.",
            ge=1,
        ),
    ] = None
    retention: Annotated[
        Retention | None,
        Field(description="A law compels this node to keep the release."),
    ] = None
    origin: Annotated[Origin | None, Field(description="Where the data come from.")] = (
        None
    )
    custodian: Annotated[
        str | None,
        Field(
            description="Permanent opaque identifier of kind `node`: 130 random bits in lower-case base32.",
            pattern="^node:[a-z2-7]{26}$",
        ),
    ] = None
