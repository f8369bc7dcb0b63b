"""Generated from spec/schemas by tools/generators/client_types.py; never edited."""

from __future__ import annotations

from typing import Annotated

from mpex_client.types._view import View
from pydantic import ConfigDict, Field


class ReleaseReply(View):
    model_config = ConfigDict(
        extra="forbid",
    )
    reply: Annotated[
        str,
        Field(
            description="Reply, for the person who decides.",
            max_length=2000,
            min_length=1,
        ),
    ]
