"""Generated from spec/schemas by tools/generators/client_types.py; never edited."""

from __future__ import annotations

from typing import Annotated

from mpex_client.types._view import View
from pydantic import Field


class ReferenceSample(View):
    sample_id: Annotated[
        str,
        Field(
            alias="sampleId",
            description="Permanent opaque identifier of kind `sample`: 130 random bits in lower-case base32.",
            pattern="^sample:[a-z2-7]{26}$",
        ),
    ]
    donor_directive: Annotated[
        str | None,
        Field(
            alias="donorDirective",
            description="Permanent opaque identifier of kind `directive`: 130 random bits in lower-case base32.",
            pattern="^directive:[a-z2-7]{26}$",
        ),
    ] = None
    claimed_relationship: Annotated[
        str | None,
        Field(
            alias="claimedRelationship",
            description="Claimed relationship.",
            pattern="^[a-z][A-Za-z0-9]{0,63}$",
        ),
    ] = None
    person: Annotated[
        str | None,
        Field(
            description="Permanent opaque identifier of kind `person`: 130 random bits in lower-case base32.",
            pattern="^person:[a-z2-7]{26}$",
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
