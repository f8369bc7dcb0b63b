"""Generated from spec/schemas by tools/generators/client_types.py; never edited."""

from __future__ import annotations

from typing import Annotated, Literal

from mpex_client.types._view import View
from pydantic import ConfigDict, Field


class AssistanceAnswer(View):
    model_config = ConfigDict(
        extra="forbid",
    )
    answer: Annotated[
        Literal["accept", "decline", "complete"], Field(description="Answer.")
    ]
    reason: Annotated[
        str | None,
        Field(description="Why it is declined.", pattern="^[a-z][A-Za-z0-9]{0,63}$"),
    ] = None
    text: Annotated[
        str | None,
        Field(description="Result or remark.", max_length=4000, min_length=1),
    ] = None
    language: Annotated[
        str | None,
        Field(
            description="BCP 47 language tag.",
            max_length=35,
            pattern="^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$",
        ),
    ] = None
    due_at: Annotated[
        str | None,
        Field(
            alias="dueAt",
            description="Instant in UTC, whole seconds, `Z`; a leap second is written as the second before.",
            pattern="^[1-9][0-9]{3}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-5][0-9]Z$",
        ),
    ] = None
    contact: Annotated[
        str | None,
        Field(
            description="The cleared contact by which a message was relayed.",
            pattern="^contact:[a-z2-7]{26}$",
        ),
    ] = None
