"""Generated from spec/schemas by tools/generators/client_types.py; never edited."""

from __future__ import annotations

from typing import Annotated, Literal

from mpex_client.types._view import View
from pydantic import ConfigDict, Field

from . import common


class Unit(View):
    model_config = ConfigDict(
        extra="forbid",
    )
    record_id: Annotated[
        str | None,
        Field(
            alias="recordId",
            description="Permanent opaque identifier of kind `remains`: 130 random bits in lower-case base32.",
            pattern="^remains:[a-z2-7]{26}$",
        ),
    ] = None
    parts: Annotated[
        list[common.RemainsPart],
        Field(
            description="Parts that are taken from the unit.",
            max_length=300,
            min_length=1,
        ),
    ]
    commingled: Annotated[
        bool | None,
        Field(description="Whether remains of several people are mixed in it."),
    ] = None
    minimum_individuals: Annotated[
        int | None,
        Field(
            alias="minimumIndividuals",
            description="Minimum number of individuals in it, persons.",
            ge=1,
            le=10000,
        ),
    ] = None
    condition: Annotated[
        Literal["complete", "incomplete", "fragmented", "decomposed", "skeletonised", "mummified", "burned", "unknown"] | None,
        Field(description="Condition."),
    ] = None


class RemainsSplit(View):
    model_config = ConfigDict(
        extra="forbid",
    )
    reason: Annotated[
        Literal["severalIndividuals", "sameIndividual", "genetic", "sampling", "registeredTwice", "correction"],
        Field(description="Why."),
    ]
    note: Annotated[
        str | None,
        Field(
            description="Remark for the file; it stays with the node.",
            max_length=300,
            min_length=1,
        ),
    ] = None
    units: Annotated[
        list[Unit], Field(description="The new units.", max_length=50, min_length=1)
    ]
    commingled: Annotated[
        bool | None,
        Field(description="Whether remains of several people are mixed in what stays."),
    ] = None
    minimum_individuals: Annotated[
        int | None,
        Field(
            alias="minimumIndividuals",
            description="Minimum number of individuals in what stays, persons.",
            ge=1,
            le=10000,
        ),
    ] = None
