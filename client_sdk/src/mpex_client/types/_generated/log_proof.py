"""Generated from spec/schemas by tools/generators/client_types.py; never edited."""

from __future__ import annotations

from typing import Annotated

from mpex_client.types._view import View
from pydantic import Field
from typing_extensions import TypeAliasType

Hash = TypeAliasType("Hash", Annotated[str, Field(pattern="^[A-Za-z0-9+/]{43}=$")])


class LogProof(View):
    leaf: Annotated[
        str | None,
        Field(
            description="Permanent opaque identifier of kind `leaf`: 130 random bits in lower-case base32.",
            pattern="^leaf:[a-z2-7]{26}$",
        ),
    ] = None
    index: Annotated[int | None, Field(description="Index of the leaf.", ge=0)] = None
    size: Annotated[int, Field(description="Tree size.", ge=0)]
    from_: Annotated[
        int | None, Field(alias="from", description="Smaller tree size.", ge=0)
    ] = None
    hashes: Annotated[list[Hash], Field(description="Path.", max_length=64)]
