"""Generated from spec/schemas by tools/generators/client_types.py; never edited."""

from __future__ import annotations

from typing import Annotated

from mpex_client.types._view import View
from pydantic import Field

from . import onward


class OnwardPage(View):
    items: Annotated[list[onward.Onward], Field(description="Offers.", max_length=1000)]
