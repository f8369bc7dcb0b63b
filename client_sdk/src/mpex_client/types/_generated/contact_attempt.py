"""Generated from spec/schemas by tools/generators/client_types.py; never edited."""

from __future__ import annotations

from typing import Annotated, Literal

from mpex_client.types._view import View
from pydantic import ConfigDict, Field


class BestInterests(View):
    model_config = ConfigDict(
        extra="forbid",
    )
    decider: Annotated[
        str,
        Field(
            description="Who decided in the child's best interests: the body and the function.",
            max_length=200,
            min_length=1,
        ),
    ]
    reason: Annotated[
        str,
        Field(
            description="Why this is in the child's best interests.",
            max_length=2000,
            min_length=1,
        ),
    ]


class ContactAttempt(View):
    model_config = ConfigDict(
        extra="forbid",
    )
    channel: Annotated[
        str, Field(description="Channel.", pattern="^[a-z][A-Za-z0-9]{0,63}$")
    ]
    reason: Annotated[
        str | None,
        Field(
            description="Why the contact is made outside the rules of the enquirer.",
            max_length=500,
            min_length=1,
        ),
    ] = None
    asks_only: Annotated[
        Literal[True] | None,
        Field(
            alias="asksOnly",
            description="The contact asks the enquirer, and tells nothing about the person sought.",
        ),
    ] = None
    best_interests: Annotated[
        BestInterests | None,
        Field(
            alias="bestInterests",
            description="Decision that the enquirer is told of a child without documented authority over it.",
        ),
    ] = None
