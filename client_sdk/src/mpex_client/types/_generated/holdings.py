"""Generated from spec/schemas by tools/generators/client_types.py; never edited."""

from __future__ import annotations

from typing import Annotated, Literal

from mpex_client.types._view import View
from pydantic import ConfigDict, Field
from typing_extensions import TypeAliasType

from . import common


class Count(View):
    model_config = ConfigDict(
        extra="forbid",
    )
    type: Annotated[
        Literal["soughtPerson", "foundAlive", "unidentifiedLiving", "remainsUnit"],
        Field(description="Type of record; never a person who was found."),
    ]
    year: Annotated[
        int,
        Field(
            description="Year in which the records were registered.", ge=1900, le=9999
        ),
    ]
    band: Annotated[
        Literal["from10to49", "from50to199", "from200to999", "from1000"],
        Field(description="How many."),
    ]


Route = TypeAliasType(
    "Route", Annotated[str, Field(pattern="^[a-z][A-Za-z0-9]{0,63}$")]
)


class Holdings(View):
    as_of: Annotated[
        str,
        Field(
            alias="asOf",
            description="Day at whose beginning it was counted, in UTC.",
            pattern="^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$",
        ),
    ]
    counts: Annotated[
        list[Count],
        Field(
            description="How many records there are of a type and a year; fewer than ten are not told.",
            max_length=400,
        ),
    ]
    routes: Annotated[
        list[Route] | None,
        Field(
            description="Routes on which the node collects.",
            max_length=60,
            min_length=1,
        ),
    ] = None
    countries: Annotated[
        list[common.Country] | None,
        Field(
            description="Countries in which the node collects.",
            max_length=250,
            min_length=1,
        ),
    ] = None
