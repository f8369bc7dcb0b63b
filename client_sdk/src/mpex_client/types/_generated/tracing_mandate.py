"""Generated from spec/schemas by tools/generators/client_types.py; never edited."""

from __future__ import annotations

from typing import Annotated

from mpex_client.types._view import View
from pydantic import ConfigDict, Field
from typing_extensions import TypeAliasType

from . import common

Mandate = TypeAliasType("Mandate", Annotated[str, Field(max_length=200, min_length=1)])


class TracingMandate(View):
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
