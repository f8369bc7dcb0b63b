"""Generated from spec/schemas by tools/generators/client_types.py; never edited."""

from __future__ import annotations

from typing import Annotated

from mpex_client.types._view import View
from pydantic import Field


class AssistanceRequest(View):
    assistance_id: Annotated[
        str,
        Field(
            alias="assistanceId",
            description="Permanent opaque identifier of kind `assistance`: 130 random bits in lower-case base32.",
            pattern="^assistance:[a-z2-7]{26}$",
        ),
    ]
    type: Annotated[
        str | None, Field(description="Type.", pattern="^[a-z][A-Za-z0-9]{0,63}$")
    ] = None
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
