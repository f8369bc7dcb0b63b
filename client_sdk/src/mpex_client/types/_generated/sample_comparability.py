"""Generated from spec/schemas by tools/generators/client_types.py; never edited."""

from __future__ import annotations

from typing import Annotated

from mpex_client.types._view import View
from pydantic import ConfigDict, Field


class Reference(View):
    model_config = ConfigDict(
        extra="forbid",
    )
    laboratory: Annotated[
        str | None,
        Field(
            description="Laboratory that holds the profile.",
            max_length=120,
            min_length=1,
        ),
    ] = None
    laboratory_code: Annotated[
        str | None,
        Field(
            alias="laboratoryCode",
            description="Code at the laboratory.",
            max_length=100,
            min_length=1,
        ),
    ] = None
    locus_set: Annotated[
        str | None,
        Field(
            alias="locusSet",
            description="Locus set.",
            pattern="^[a-z][A-Za-z0-9]{0,63}$",
        ),
    ] = None
    shared_loci: Annotated[
        int | None,
        Field(
            alias="sharedLoci",
            description="Loci that the list dnaLocusSets names for both sets; left out when it names none for one of them.",
            ge=0,
            le=1000,
        ),
    ] = None


class SampleComparability(View):
    model_config = ConfigDict(
        extra="forbid",
    )
    sample: Annotated[
        str,
        Field(
            description="Permanent opaque identifier of kind `sample`: 130 random bits in lower-case base32.",
            pattern="^sample:[a-z2-7]{26}$",
        ),
    ]
    remains: Annotated[
        str,
        Field(
            description="Permanent opaque identifier of kind `remains`: 130 random bits in lower-case base32.",
            pattern="^remains:[a-z2-7]{26}$",
        ),
    ]
    references: Annotated[
        list[Reference],
        Field(
            description="References of the unit, in the order of its record.",
            max_length=4000,
        ),
    ]
