"""Generated from spec/schemas by tools/generators/client_types.py; never edited."""

from __future__ import annotations

from typing import Annotated, Literal

from mpex_client.types._view import View
from pydantic import ConfigDict, Field


class PersonChoice(View):
    model_config = ConfigDict(
        extra="forbid",
    )
    may_tell: Annotated[
        Literal["contact", "messageOnly", "aliveOnly", "nothing"],
        Field(alias="mayTell", description="What may be told."),
    ]
    decided_by: Annotated[
        Literal["person", "bestInterests"],
        Field(alias="decidedBy", description="Who decided."),
    ]
    ground: Annotated[
        Literal["child", "lacksCapacity"] | None,
        Field(description="Why the person does not decide alone."),
    ] = None
    decider: Annotated[
        str | None,
        Field(
            description="Who decided in the person's best interests: the body and the function.",
            max_length=200,
            min_length=1,
        ),
    ] = None
    reason: Annotated[
        str | None,
        Field(
            description="Why this is in the person's best interests.",
            max_length=2000,
            min_length=1,
        ),
    ] = None
    task: Annotated[
        str | None,
        Field(
            description="Task that the choice answers; absent when the person chooses anew for everybody who was answered before.",
            pattern="^task:[a-z2-7]{26}$",
        ),
    ] = None
    message: Annotated[
        str | None,
        Field(description="Message to pass on.", max_length=2000, min_length=1),
    ] = None
    at: Annotated[
        str | None,
        Field(
            description="Instant in UTC, whole seconds, `Z`; a leap second is written as the second before.",
            pattern="^[1-9][0-9]{3}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-5][0-9]Z$",
        ),
    ] = None
