"""Generated from spec/schemas by tools/generators/client_types.py; never edited."""

from __future__ import annotations

from typing import Annotated

from mpex_client.types._view import View
from pydantic import ConfigDict, Field


class Recovery(View):
    model_config = ConfigDict(
        extra="forbid",
    )
    code: Annotated[
        str,
        Field(
            description="Recovery code as printed; case, spaces and hyphens do not matter.",
            max_length=64,
            min_length=1,
        ),
    ]
