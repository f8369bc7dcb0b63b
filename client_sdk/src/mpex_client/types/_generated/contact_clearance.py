"""Generated from spec/schemas by tools/generators/client_types.py; never edited."""

from __future__ import annotations

from typing import Annotated, Literal

from mpex_client.types._view import View
from pydantic import Field


class SafeHour(View):
    days: Annotated[
        list[Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]] | None,
        Field(description="Days; absent means every day.", max_length=7, min_length=1),
    ] = None
    from_: Annotated[
        str,
        Field(
            alias="from",
            description="Start, local time.",
            pattern="^([01][0-9]|2[0-3]):[0-5][0-9]$",
        ),
    ]
    to: Annotated[
        str,
        Field(
            description="End, local time, not part of the span; at or before the start means the next day.",
            pattern="^([01][0-9]|2[0-3]):[0-5][0-9]$",
        ),
    ]


class Rules(View):
    channel: Annotated[
        str, Field(description="Channel.", pattern="^[a-z][A-Za-z0-9]{0,63}$")
    ]
    address: Annotated[
        str | None,
        Field(description="Number or address.", max_length=200, min_length=1),
    ] = None
    hours: Annotated[
        str | None,
        Field(
            description="When to call, as the enquirer says it.",
            max_length=120,
            min_length=1,
        ),
    ] = None
    who_may_answer: Annotated[
        str | None,
        Field(
            alias="whoMayAnswer",
            description="Who may answer.",
            max_length=120,
            min_length=1,
        ),
    ] = None
    words_to_avoid: Annotated[
        str | None,
        Field(
            alias="wordsToAvoid",
            description="Words to avoid.",
            max_length=200,
            min_length=1,
        ),
    ] = None
    interpreter: Annotated[
        str | None,
        Field(
            description="BCP 47 language tag.",
            max_length=35,
            pattern="^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$",
        ),
    ] = None
    safe_hours: Annotated[
        list[SafeHour] | None,
        Field(
            alias="safeHours",
            description="When a contact is safe; absent means at any hour.",
            max_length=20,
            min_length=1,
        ),
    ] = None
    time_zone: Annotated[
        str | None,
        Field(
            alias="timeZone",
            description="Time zone of the safe hours (IANA name); absent means UTC.",
            pattern="^[A-Za-z][A-Za-z0-9_+/-]{1,63}$",
        ),
    ] = None
    interlocutor: Annotated[
        Literal["any", "woman", "man"] | None,
        Field(description="With whom the enquirer is willing to speak."),
    ] = None


class ContactClearance(View):
    contact_id: Annotated[
        str,
        Field(
            alias="contactId",
            description="Permanent opaque identifier of kind `contact`: 130 random bits in lower-case base32.",
            pattern="^contact:[a-z2-7]{26}$",
        ),
    ]
    at: Annotated[
        str,
        Field(
            description="Instant in UTC, whole seconds, `Z`; a leap second is written as the second before.",
            pattern="^[1-9][0-9]{3}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-5][0-9]Z$",
        ),
    ]
    channel: Annotated[
        str, Field(description="Channel.", pattern="^[a-z][A-Za-z0-9]{0,63}$")
    ]
    outside_rules: Annotated[
        bool,
        Field(
            alias="outsideRules",
            description="Whether the contact breaks a rule of the enquirer, for the reason that was given.",
        ),
    ]
    rules: Annotated[
        Rules | None, Field(description="How to reach the enquirer without harm.")
    ] = None
