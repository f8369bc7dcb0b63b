"""Generated from spec/schemas by tools/generators/client_types.py; never edited."""

from __future__ import annotations

from typing import Annotated, Literal

from mpex_client.types._view import View
from pydantic import Field


class Health(View):
    status: Annotated[Literal["ok", "unavailable"], Field(description="State.")]
    checks: Annotated[
        dict[str, Literal["ok", "unavailable"]] | None,
        Field(description="State by component."),
    ] = None
