"""Generated from spec/schemas by tools/generators/client_types.py; never edited."""

from __future__ import annotations

from typing import Annotated

from mpex_client.types._view import View
from pydantic import Field

from . import common


class CaseRoom(View):
    case_room_id: Annotated[
        str,
        Field(
            alias="caseRoomId",
            description="Permanent opaque identifier of kind `caseRoom`: 130 random bits in lower-case base32.",
            pattern="^caseRoom:[a-z2-7]{26}$",
        ),
    ]
    participants: Annotated[
        list[common.Node] | None, Field(description="Participants.", max_length=50)
    ] = None
    records: Annotated[
        list[common.RecordId] | None, Field(description="Records.", max_length=100)
    ] = None
