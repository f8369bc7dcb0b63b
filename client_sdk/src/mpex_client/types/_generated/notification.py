"""Generated from spec/schemas by tools/generators/client_types.py; never edited."""

from __future__ import annotations

from typing import Annotated, Literal

from mpex_client.types._view import View
from pydantic import ConfigDict, Field


class Notification(View):
    model_config = ConfigDict(
        extra="forbid",
    )
    at: Annotated[
        str,
        Field(
            description="Instant in UTC, whole seconds, `Z`; a leap second is written as the second before.",
            pattern="^[1-9][0-9]{3}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-5][0-9]Z$",
        ),
    ]
    notifier: Annotated[
        str,
        Field(
            description="Function and training of the notifier.",
            max_length=200,
            min_length=1,
        ),
    ]
    person_told: Annotated[
        str,
        Field(
            alias="personTold",
            description="Relationship of the person told.",
            max_length=120,
            min_length=1,
        ),
    ]
    language: Annotated[
        str,
        Field(
            description="BCP 47 language tag.",
            max_length=35,
            pattern="^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$",
        ),
    ]
    in_person: Annotated[bool, Field(alias="inPerson", description="Told in person.")]
    refused_in_person: Annotated[
        Literal[True] | None,
        Field(
            alias="refusedInPerson",
            description="Says that the person told refused to be told in person.",
        ),
    ] = None
    wishes: Annotated[
        str | None,
        Field(
            description="Wishes on (partial) remains.", max_length=1000, min_length=1
        ),
    ] = None
