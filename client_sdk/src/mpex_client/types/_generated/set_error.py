"""Generated from spec/schemas by tools/generators/client_types.py; never edited."""

from __future__ import annotations

from typing import Annotated

from mpex_client.types._view import View
from pydantic import Field


class SetError(View):
    err: Annotated[str, Field(description="Error code of RFC 8935.", max_length=60)]
    description: Annotated[
        str | None, Field(description="What is wrong.", max_length=500)
    ] = None
