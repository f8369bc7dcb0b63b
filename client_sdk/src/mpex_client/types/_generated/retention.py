"""Generated from spec/schemas by tools/generators/client_types.py; never edited."""

from __future__ import annotations

from typing import Annotated

from mpex_client.types._view import View
from pydantic import ConfigDict, Field


class Retention(View):
    model_config = ConfigDict(
        extra="forbid",
    )
    reason: Annotated[
        str, Field(description="The law.", pattern="^[a-z][A-Za-z0-9]{0,63}$")
    ]
    review_date: Annotated[
        str,
        Field(
            alias="reviewDate",
            description="Day on which it is looked at again, at most a year ahead.",
            pattern="^[0-9]{4}-[0-9]{2}-[0-9]{2}$",
        ),
    ]
