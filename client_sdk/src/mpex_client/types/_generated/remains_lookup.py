"""Generated from spec/schemas by tools/generators/client_types.py; never edited."""

from __future__ import annotations

from typing import Annotated

from mpex_client.types._view import View
from pydantic import ConfigDict, Field


class RemainsLookup(View):
    model_config = ConfigDict(
        extra="forbid",
    )
    facility: Annotated[
        str | None, Field(description="Facility.", max_length=200, min_length=1)
    ] = None
    storage_reference: Annotated[
        str | None,
        Field(
            alias="storageReference",
            description="Reference at the facility.",
            max_length=100,
            min_length=1,
        ),
    ] = None
    burial_place: Annotated[
        str | None,
        Field(
            alias="burialPlace",
            description="Name of the burial place.",
            max_length=200,
            min_length=1,
        ),
    ] = None
    party: Annotated[
        str | None,
        Field(
            description="Institution that an entry of the custody chain names.",
            max_length=200,
            min_length=1,
        ),
    ] = None
