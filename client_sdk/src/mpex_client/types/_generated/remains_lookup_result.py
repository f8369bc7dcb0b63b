"""Generated from spec/schemas by tools/generators/client_types.py; never edited."""

from __future__ import annotations

from typing import Annotated

from mpex_client.types._view import View
from pydantic import ConfigDict, Field

from . import remains_unit


class RemainsLookupResult(View):
    model_config = ConfigDict(
        extra="forbid",
    )
    items: Annotated[
        list[remains_unit.RemainsUnit],
        Field(description="Units, by identifier.", max_length=100),
    ]
    more: Annotated[bool, Field(description="Whether more units fit than are shown.")]
