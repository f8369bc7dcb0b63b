"""Generated from spec/schemas by tools/generators/client_types.py; never edited."""

from __future__ import annotations

from typing import Annotated

from mpex_client.types._view import View
from pydantic import ConfigDict, Field


class Item(View):
    model_config = ConfigDict(
        extra="forbid",
    )
    version: Annotated[
        int, Field(description="Version of the record, counted by the custodian.", ge=1)
    ]
    reason: Annotated[
        str,
        Field(
            description="Why this version differs, as a code.",
            pattern="^[a-z][A-Za-z0-9]{0,63}$",
        ),
    ]
    changed_by: Annotated[
        str,
        Field(
            alias="changedBy",
            description="Client that made the change.",
            max_length=100,
            min_length=1,
        ),
    ]
    at: Annotated[
        str,
        Field(
            description="Instant in UTC, whole seconds, `Z`; a leap second is written as the second before.",
            pattern="^[1-9][0-9]{3}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-5][0-9]Z$",
        ),
    ]


class ChangeList(View):
    model_config = ConfigDict(
        extra="forbid",
    )
    items: Annotated[list[Item], Field(description="Changes.", max_length=100000)]
