"""Generated from spec/schemas by tools/generators/client_types.py; never edited."""

from __future__ import annotations

from typing import Annotated, Literal

from mpex_client.types._view import View
from pydantic import Field

from . import common


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


class SafeContact(View):
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
            description="When to call, as the person says it.",
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
        Field(description="With whom the person is willing to speak."),
    ] = None
    leave_no_message: Annotated[
        Literal[True] | None,
        Field(
            alias="leaveNoMessage",
            description="No message may be left: not on a machine, not with anybody else.",
        ),
    ] = None


class NotificationWishes(View):
    in_person: Annotated[
        bool | None, Field(alias="inPerson", description="In person unless refused.")
    ] = None
    person_to_tell: Annotated[
        str | None,
        Field(
            alias="personToTell",
            description="Whom to tell first.",
            max_length=120,
            min_length=1,
        ),
    ] = None
    language: Annotated[
        str | None,
        Field(
            description="BCP 47 language tag.",
            max_length=35,
            pattern="^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$",
        ),
    ] = None


class EnquirerView(View):
    request_id: Annotated[
        str,
        Field(
            alias="requestId",
            description="Permanent opaque identifier of kind `request`: 130 random bits in lower-case base32.",
            pattern="^request:[a-z2-7]{26}$",
        ),
    ]
    status: Annotated[
        Literal["open", "suspended", "closed"], Field(description="Status.")
    ]
    moved_to: Annotated[
        str | None,
        Field(
            alias="movedTo",
            description="Permanent opaque identifier of kind `node`: 130 random bits in lower-case base32.",
            pattern="^node:[a-z2-7]{26}$",
        ),
    ] = None
    language: Annotated[
        str | None,
        Field(
            description="BCP 47 language tag.",
            max_length=35,
            pattern="^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$",
        ),
    ] = None
    safe_contact: Annotated[
        SafeContact | None,
        Field(alias="safeContact", description="How to reach a person without harm."),
    ] = None
    notification_wishes: Annotated[
        NotificationWishes | None,
        Field(
            alias="notificationWishes", description="How the family wishes to be told."
        ),
    ] = None
    directives: Annotated[
        list[common.Directive] | None,
        Field(description="Directives that the enquirer gave.", max_length=20),
    ] = None
    code: Annotated[
        str | None,
        Field(
            description="The code that replaces the one just used.",
            pattern="^[A-Z2-7]{5}(-[A-Z2-7]{5}){4}$",
        ),
    ] = None
    updated_at: Annotated[
        str,
        Field(
            alias="updatedAt",
            description="Instant in UTC, whole seconds, `Z`; a leap second is written as the second before.",
            pattern="^[1-9][0-9]{3}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-5][0-9]Z$",
        ),
    ]
