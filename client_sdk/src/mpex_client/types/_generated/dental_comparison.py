"""Generated from spec/schemas by tools/generators/client_types.py; never edited."""

from __future__ import annotations

from typing import Annotated, Literal

from mpex_client.types._view import View
from pydantic import ConfigDict, Field
from typing_extensions import TypeAliasType

InLifeItem = TypeAliasType(
    "InLifeItem", Annotated[str, Field(pattern="^[a-z][A-Za-z0-9]{0,63}$")]
)


AfterDeathItem = TypeAliasType(
    "AfterDeathItem", Annotated[str, Field(pattern="^[a-z][A-Za-z0-9]{0,63}$")]
)


class Tooth(View):
    model_config = ConfigDict(
        extra="forbid",
    )
    tooth: Annotated[
        str,
        Field(
            description="FDI number (ISO 3950).", pattern="^([1-4][1-8]|[5-8][1-5])$"
        ),
    ]
    in_life: Annotated[
        list[InLifeItem],
        Field(
            alias="inLife",
            description="States that accounts of the person tell of.",
            max_length=200,
        ),
    ]
    after_death: Annotated[
        list[AfterDeathItem],
        Field(
            alias="afterDeath", description="States that were found.", max_length=200
        ),
    ]
    comparison: Annotated[
        Literal["agrees", "explainable", "contradicts"],
        Field(description="How they go together."),
    ]


class DentalComparison(View):
    model_config = ConfigDict(
        extra="forbid",
    )
    person: Annotated[
        str,
        Field(
            description="Permanent opaque identifier of kind `person`: 130 random bits in lower-case base32.",
            pattern="^person:[a-z2-7]{26}$",
        ),
    ]
    remains: Annotated[
        str,
        Field(
            description="Permanent opaque identifier of kind `remains`: 130 random bits in lower-case base32.",
            pattern="^remains:[a-z2-7]{26}$",
        ),
    ]
    teeth: Annotated[
        list[Tooth],
        Field(
            description="Teeth of which both sides say something, in the order of their numbers.",
            max_length=52,
        ),
    ]
