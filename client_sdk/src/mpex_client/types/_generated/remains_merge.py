"""Generated from spec/schemas by tools/generators/client_types.py; never edited."""

from __future__ import annotations

from typing import Annotated, Literal

from mpex_client.types._view import View
from pydantic import ConfigDict, Field

from . import common


class RemainsMerge(View):
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
        list[common.Remains],
        Field(
            description="Units that the other takes up.", max_length=50, min_length=1
        ),
    ]
    commingled: Annotated[
        bool | None,
        Field(description="Whether remains of several people are mixed in the result."),
    ] = None
    minimum_individuals: Annotated[
        int | None,
        Field(
            alias="minimumIndividuals",
            description="Minimum number of individuals in the result, persons.",
            ge=1,
            le=10000,
        ),
    ] = None
