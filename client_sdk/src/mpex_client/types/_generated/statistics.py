"""Generated from spec/schemas by tools/generators/client_types.py; never edited."""

from __future__ import annotations

from typing import Annotated

from mpex_client.types._view import View
from pydantic import Field

from . import common


class Statistics(View):
    statistics_id: Annotated[
        str,
        Field(
            alias="statisticsId",
            description="Permanent opaque identifier of kind `statistics`: 130 random bits in lower-case base32.",
            pattern="^statistics:[a-z2-7]{26}$",
        ),
    ]
    custodian: Annotated[
        str | None,
        Field(
            description="Permanent opaque identifier of kind `node`: 130 random bits in lower-case base32.",
            pattern="^node:[a-z2-7]{26}$",
        ),
    ] = None
    period: Annotated[
        str | None,
        Field(
            description="Date to the precision that is known: year, month or day.",
            pattern="^[0-9]{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?$",
        ),
    ] = None
    incidents: Annotated[
        list[common.Incident] | None,
        Field(description="Incidents that are counted.", max_length=1000),
    ] = None
