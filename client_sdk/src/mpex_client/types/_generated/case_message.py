"""Generated from spec/schemas by tools/generators/client_types.py; never edited."""

from __future__ import annotations

from typing import Annotated

from mpex_client.types._view import View
from pydantic import Field


class CaseMessage(View):
    message_id: Annotated[
        str,
        Field(
            alias="messageId",
            description="Permanent opaque identifier of kind `message`: 130 random bits in lower-case base32.",
            pattern="^message:[a-z2-7]{26}$",
        ),
    ]
    from_: Annotated[
        str | None,
        Field(
            alias="from",
            description="Permanent opaque identifier of kind `node`: 130 random bits in lower-case base32.",
            pattern="^node:[a-z2-7]{26}$",
        ),
    ] = None
    to: Annotated[
        str | None,
        Field(
            description="Permanent opaque identifier of kind `node`: 130 random bits in lower-case base32.",
            pattern="^node:[a-z2-7]{26}$",
        ),
    ] = None
    case_reference: Annotated[
        str | None,
        Field(
            alias="caseReference",
            description="Opaque case reference of the asking node; carries no personal data.",
            pattern="^[A-Za-z0-9._-]{1,64}$",
        ),
    ] = None
    language: Annotated[
        str | None,
        Field(
            description="BCP 47 language tag.",
            max_length=35,
            pattern="^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$",
        ),
    ] = None
    in_reply_to: Annotated[
        str | None,
        Field(
            alias="inReplyTo",
            description="Permanent opaque identifier of kind `message`: 130 random bits in lower-case base32.",
            pattern="^message:[a-z2-7]{26}$",
        ),
    ] = None
