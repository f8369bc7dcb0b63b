"""Generated from spec/schemas by tools/generators/client_types.py; never edited."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from mpex_client.types._view import View
from pydantic import ConfigDict, Field
from typing_extensions import TypeAliasType

Common = TypeAliasType(
    "Common",
    Annotated[
        Any,
        Field(
            description="Identifiers, instants, codes and small objects used by all MPEX schemas.",
            title="Common",
        ),
    ],
)


Node = TypeAliasType(
    "Node",
    Annotated[
        str,
        Field(
            description="Permanent opaque identifier of kind `node`: 130 random bits in lower-case base32.",
            pattern="^node:[a-z2-7]{26}$",
        ),
    ],
)


Person = TypeAliasType(
    "Person",
    Annotated[
        str,
        Field(
            description="Permanent opaque identifier of kind `person`: 130 random bits in lower-case base32.",
            pattern="^person:[a-z2-7]{26}$",
        ),
    ],
)


Remains = TypeAliasType(
    "Remains",
    Annotated[
        str,
        Field(
            description="Permanent opaque identifier of kind `remains`: 130 random bits in lower-case base32.",
            pattern="^remains:[a-z2-7]{26}$",
        ),
    ],
)


Directive = TypeAliasType(
    "Directive",
    Annotated[
        str,
        Field(
            description="Permanent opaque identifier of kind `directive`: 130 random bits in lower-case base32.",
            pattern="^directive:[a-z2-7]{26}$",
        ),
    ],
)


Incident = TypeAliasType(
    "Incident",
    Annotated[
        str,
        Field(
            description="Permanent opaque identifier of kind `incident`: 130 random bits in lower-case base32.",
            pattern="^incident:[a-z2-7]{26}$",
        ),
    ],
)


Release = TypeAliasType(
    "Release",
    Annotated[
        str,
        Field(
            description="Permanent opaque identifier of kind `release`: 130 random bits in lower-case base32.",
            pattern="^release:[a-z2-7]{26}$",
        ),
    ],
)


ReceivedRelease = TypeAliasType(
    "ReceivedRelease",
    Annotated[
        str,
        Field(
            description="Permanent opaque identifier of kind `receivedRelease`: 130 random bits in lower-case base32.",
            pattern="^receivedRelease:[a-z2-7]{26}$",
        ),
    ],
)


Client = TypeAliasType(
    "Client",
    Annotated[
        str,
        Field(
            description="Permanent opaque identifier of kind `client`: 130 random bits in lower-case base32.",
            pattern="^client:[a-z2-7]{26}$",
        ),
    ],
)


RecordId = TypeAliasType(
    "RecordId",
    Annotated[
        str,
        Field(
            description="Identifier of a person record or a remains unit; independent of any domain, never reused.",
            pattern="^(person|remains):[a-z2-7]{26}$",
        ),
    ],
)


Country = TypeAliasType(
    "Country",
    Annotated[str, Field(description="ISO 3166-1 alpha-2 code.", pattern="^[A-Z]{2}$")],
)


Language = TypeAliasType(
    "Language",
    Annotated[
        str,
        Field(
            description="BCP 47 language tag.",
            max_length=35,
            pattern="^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$",
        ),
    ],
)


MandatedPurpose = TypeAliasType(
    "MandatedPurpose",
    Annotated[
        Literal["searchLiving", "identifyDeceased", "notifyFamily", "familyReunification", "familySupport", "childProtection", "repatriation", "statistics", "protectLife", "criminalInvestigation", "immigrationEnforcement", "borderControl", "returnProcedure", "commercial"],
        Field(description="Purpose that a mandate can name: none that is prohibited."),
    ],
)


MandatedClass = TypeAliasType(
    "MandatedClass",
    Annotated[
        Literal["humanitarian", "forensic", "health", "rescue", "childProtection", "consular", "judicial", "police", "borderAuthority", "immigrationAuthority", "other"],
        Field(description="Class that a mandate can name: none that is prohibited."),
    ],
)


class Coordinates(View):
    latitude: Annotated[
        str,
        Field(
            description="Decimal number as a string, so that precision survives.",
            pattern="^-?[0-9]{1,3}(\\.[0-9]{1,20})?$",
        ),
    ]
    longitude: Annotated[
        str,
        Field(
            description="Decimal number as a string, so that precision survives.",
            pattern="^-?[0-9]{1,3}(\\.[0-9]{1,20})?$",
        ),
    ]


class Place(View):
    name: Annotated[
        str | None,
        Field(description="Name of the place as given.", max_length=1000, min_length=1),
    ] = None
    admin: Annotated[
        str | None,
        Field(
            description="State, province or district as given.",
            max_length=200,
            min_length=1,
        ),
    ] = None
    country: Annotated[
        str | None, Field(description="ISO 3166-1 alpha-2 code.", pattern="^[A-Z]{2}$")
    ] = None
    coordinates: Coordinates | None = None
    precision: Annotated[
        Literal["exact", "approximate", "presumed", "unknown"] | None,
        Field(description="How exact the place is."),
    ] = None


class AgeRange(View):
    min: Annotated[int, Field(description="Lowest age, years.", ge=0, le=130)]
    max: Annotated[int, Field(description="Highest age, years.", ge=0, le=130)]
    as_of: Annotated[
        str,
        Field(
            alias="asOf",
            description="Date to the precision that is known: year, month or day.",
            pattern="^[0-9]{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?$",
        ),
    ]


class MeasureRange(View):
    min: Annotated[float, Field(description="Lowest value.", ge=0.0, le=400.0)]
    max: Annotated[float, Field(description="Highest value.", ge=0.0, le=400.0)]


class ContactOffice(View):
    organisation: Annotated[
        str,
        Field(description="Name of the organisation.", max_length=200, min_length=1),
    ]
    email: Annotated[
        str | None, Field(description="Address of the office.", max_length=254)
    ] = None
    phone: Annotated[
        str | None,
        Field(description="Telephone of the office.", max_length=40, min_length=1),
    ] = None
    url: Annotated[
        str | None, Field(description="Page of the office.", max_length=500)
    ] = None


class Link(View):
    rel: Annotated[
        str,
        Field(description="What the link means.", pattern="^[a-z][A-Za-z0-9]{0,63}$"),
    ]
    target: Annotated[
        str,
        Field(
            description="Identifier of any kind.",
            pattern="^[a-z][A-Za-z]{1,30}:[a-z2-7]{26}$",
        ),
    ]


class RemainsPart(View):
    region: Annotated[
        Literal["head", "face", "ear", "neck", "shoulder", "chest", "abdomen", "back", "upperArm", "forearm", "hand", "finger", "pelvis", "thigh", "knee", "lowerLeg", "foot", "toe", "whole", "unknown"],
        Field(description="Body region."),
    ]
    side: Annotated[
        Literal["left", "right", "middle", "both", "unknown"] | None,
        Field(description="Side."),
    ] = None
    complete: Annotated[
        bool | None,
        Field(
            description="Whether each is complete, so that two of one region and side are of two individuals."
        ),
    ] = None
    count: Annotated[
        int | None, Field(description="How many; one when not given.", ge=1, le=10000)
    ] = None
    description: Annotated[
        str | None,
        Field(
            description="The part in plain words, a bone for instance.",
            max_length=200,
            min_length=1,
        ),
    ] = None


class IdentityProof(View):
    model_config = ConfigDict(
        extra="forbid",
    )
    method: Annotated[
        Literal["document", "recoveryCode", "knownToStaff", "witnesses", "mandate"],
        Field(description="How it was proved."),
    ]
    checked_by: Annotated[
        str,
        Field(
            alias="checkedBy",
            description="Member of staff who checked it.",
            max_length=200,
            min_length=1,
        ),
    ]


class CoercionCheck(View):
    model_config = ConfigDict(
        extra="forbid",
    )
    by: Annotated[
        str,
        Field(description="Member of staff who looked.", max_length=200, min_length=1),
    ]
    outcome: Annotated[
        Literal["noSign", "sign", "notPossible"], Field(description="What was found.")
    ]


class ReleasedPart(View):
    model_config = ConfigDict(
        extra="forbid",
    )
    category: Annotated[
        Literal["existence", "summary", "identity", "names", "birth", "physical", "clothingEffects", "journey", "incident", "photo", "medical", "dental", "fingerprints", "dna", "informant", "contact", "remainsLocation", "vulnerability", "custody"],
        Field(description="Data category."),
    ]
    contribution: Annotated[
        str | None,
        Field(
            description="Permanent opaque identifier of kind `contribution`: 130 random bits in lower-case base32.",
            pattern="^contribution:[a-z2-7]{26}$",
        ),
    ] = None


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
        str | None, Field(description="Channel.", pattern="^[a-z][A-Za-z0-9]{0,63}$")
    ] = None
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
