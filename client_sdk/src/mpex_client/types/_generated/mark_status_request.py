"""Generated from spec/schemas by tools/generators/client_types.py; never edited."""

from __future__ import annotations

from typing import Annotated

from mpex_client.types._view import View
from pydantic import Field


class MarkStatusRequest(View):
    trust_mark: Annotated[
        str,
        Field(
            description="The trust mark as it was given.",
            max_length=65536,
            min_length=1,
        ),
    ]
