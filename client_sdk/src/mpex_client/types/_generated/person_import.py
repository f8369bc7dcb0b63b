"""Generated from spec/schemas by tools/generators/client_types.py; never edited."""

from __future__ import annotations

from typing import Annotated, Any

from mpex_client.types._view import View
from pydantic import ConfigDict, Field


class Source(View):
    model_config = ConfigDict(
        extra="forbid",
    )
    system: Annotated[
        str, Field(description="System of origin.", max_length=60, min_length=1)
    ]
    id: Annotated[
        str,
        Field(description="Identifier as given there.", max_length=250, min_length=1),
    ]


class Item(View):
    model_config = ConfigDict(
        extra="forbid",
    )
    source: Annotated[
        Source,
        Field(
            description="Identity in the file of origin; a node keeps only a keyed digest of it."
        ),
    ]
    record: Annotated[
        dict[str, Any],
        Field(
            description="A person record without `recordId`; checked on its own, so that one bad item never loses the batch."
        ),
    ]


class PersonImport(View):
    model_config = ConfigDict(
        extra="forbid",
    )
    items: Annotated[
        list[Item], Field(description="Items.", max_length=500, min_length=1)
    ]
    directive: Annotated[
        str | None,
        Field(
            description="Directive of each contribution that names none. Without any, what is imported is held and not shared.",
            pattern="^directive:[a-z2-7]{26}$",
        ),
    ] = None
