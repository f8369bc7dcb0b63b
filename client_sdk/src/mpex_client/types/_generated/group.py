"""Generated from spec/schemas by tools/generators/client_types.py; never edited."""

from __future__ import annotations

from typing import Annotated, Literal

from mpex_client.types._view import View
from pydantic import Field

from . import common


class Group(View):
    group_id: Annotated[
        str,
        Field(
            alias="groupId",
            description="Permanent opaque identifier of kind `group`: 130 random bits in lower-case base32.",
            pattern="^group:[a-z2-7]{26}$",
        ),
    ]
    type: Annotated[
        Literal["household", "travelParty", "boat", "vehicle", "detention", "other"] | None,
        Field(description="Type."),
    ] = None
    members: Annotated[
        list[common.RecordId] | None,
        Field(description="Members that are records.", max_length=1000),
    ] = None
    incident: Annotated[
        str | None,
        Field(
            description="Permanent opaque identifier of kind `incident`: 130 random bits in lower-case base32.",
            pattern="^incident:[a-z2-7]{26}$",
        ),
    ] = None
