"""Generated from spec/schemas by tools/generators/client_types.py; never edited."""

from __future__ import annotations

from typing import Annotated

from mpex_client.types._view import View
from pydantic import ConfigDict, Field


class JointRequest(View):
    model_config = ConfigDict(
        extra="forbid",
    )
    received_release: Annotated[
        str,
        Field(
            alias="receivedRelease",
            description="Permanent opaque identifier of kind `receivedRelease`: 130 random bits in lower-case base32.",
            pattern="^receivedRelease:[a-z2-7]{26}$",
        ),
    ]
