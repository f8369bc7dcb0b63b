"""Generated from spec/schemas by tools/generators/client_types.py; never edited."""

from __future__ import annotations

from typing import Annotated

from mpex_client.types._view import View
from pydantic import ConfigDict, Field


class DirectiveReview(View):
    model_config = ConfigDict(
        extra="forbid",
    )
    review_due: Annotated[
        str,
        Field(
            alias="reviewDue",
            description="When the next review is due.",
            pattern="^[0-9]{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?$",
        ),
    ]
    reason: Annotated[
        str,
        Field(
            description="Why it stands, such as what whoever gave it was asked and said.",
            max_length=500,
            min_length=1,
        ),
    ]
