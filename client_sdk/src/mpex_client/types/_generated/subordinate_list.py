"""Generated from spec/schemas by tools/generators/client_types.py; never edited."""

from __future__ import annotations

from typing import Annotated

from mpex_client.types._view import View
from pydantic import Field
from typing_extensions import TypeAliasType

SubordinateListItem = TypeAliasType(
    "SubordinateListItem", Annotated[str, Field(max_length=300)]
)


SubordinateList = TypeAliasType(
    "SubordinateList",
    Annotated[
        list[SubordinateListItem],
        Field(
            description="Entity identifiers.", max_length=10000, title="SubordinateList"
        ),
    ],
)
