"""Generated from spec/schemas by tools/generators/client_types.py; never edited."""

from __future__ import annotations

from typing import Annotated, Any

from mpex_client.types._view import View
from pydantic import ConfigDict, Field
from typing_extensions import TypeAliasType

from . import common
from . import holdings as holdings_1

Mandate = TypeAliasType("Mandate", Annotated[str, Field(max_length=200, min_length=1)])


class Partner(View):
    model_config = ConfigDict(
        extra="forbid",
    )
    node_id: Annotated[
        str,
        Field(
            alias="nodeId",
            description="Permanent opaque identifier of kind `node`: 130 random bits in lower-case base32.",
            pattern="^node:[a-z2-7]{26}$",
        ),
    ]
    name: Annotated[str, Field(description="Name.", max_length=200, min_length=1)]
    url: Annotated[str, Field(description="Base address.", max_length=300)]
    recipient_class: Annotated[common.MandatedClass, Field(alias="recipientClass")]
    purposes: Annotated[
        list[common.MandatedPurpose],
        Field(description="Purposes of its mandate.", max_length=20),
    ]
    territories: Annotated[
        list[common.Country] | None,
        Field(description="Where it accesses data.", max_length=250),
    ] = None
    parent_ministry: Annotated[
        str | None,
        Field(
            alias="parentMinistry",
            description="Ministry above it.",
            max_length=200,
            min_length=1,
        ),
    ] = None
    unit: Annotated[
        str | None, Field(description="Unit.", max_length=200, min_length=1)
    ] = None
    mandates: Annotated[
        list[Mandate] | None, Field(description="Mandates.", max_length=20)
    ] = None
    national_authority_of: Annotated[
        str | None,
        Field(
            alias="nationalAuthorityOf",
            description="ISO 3166-1 alpha-2 code.",
            pattern="^[A-Z]{2}$",
        ),
    ] = None
    no_immigration_enforcement: Annotated[
        bool,
        Field(
            alias="noImmigrationEnforcement",
            description="Mark: takes no part in immigration enforcement.",
        ),
    ]
    jwks: Annotated[dict[str, Any], Field(description="Public keys (RFC 7517).")]
    holdings: Annotated[
        holdings_1.Holdings | None,
        Field(
            description="What it publishes of its holdings, as fetched last; nobody vouches for it."
        ),
    ] = None
