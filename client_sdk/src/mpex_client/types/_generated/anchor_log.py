"""Generated from spec/schemas by tools/generators/client_types.py; never edited."""

from __future__ import annotations

from typing import Annotated

from mpex_client.types._view import View
from pydantic import Field

from . import log_entry


class AnchorLog(View):
    items: Annotated[
        list[log_entry.LogEntry],
        Field(
            description="Entries, none when there is none at the index.", max_length=500
        ),
    ]
