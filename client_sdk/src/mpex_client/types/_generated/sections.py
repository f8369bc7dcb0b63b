"""Generated from spec/schemas by tools/generators/client_types.py; never edited."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from mpex_client.types._view import View
from pydantic import ConfigDict, Field
from typing_extensions import TypeAliasType

from . import common

Sections = TypeAliasType(
    "Sections",
    Annotated[
        Any,
        Field(
            description="One section per data category. Redaction, consent and documentation read the category of a field here.",
            title="Sections",
        ),
    ],
)


class Part(View):
    kind: Annotated[
        Literal["given", "middle", "family", "secondFamily", "patronymic", "matronymic", "grandfather", "clan", "nisba", "kunya", "generation", "honorific", "particle", "unknown"],
        Field(description="Kind of part."),
    ]
    value: Annotated[
        str, Field(description="The part as given.", max_length=120, min_length=1)
    ]


class Name(View):
    text: Annotated[
        str,
        Field(
            description="The whole name as given, original script.",
            max_length=300,
            min_length=1,
        ),
    ]
    script: Annotated[
        str | None,
        Field(description="ISO 15924 script code.", pattern="^[A-Z][a-z]{3}$"),
    ] = None
    language: Annotated[
        str | None,
        Field(
            description="BCP 47 language tag.",
            max_length=35,
            pattern="^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$",
        ),
    ] = None
    type: Annotated[
        Literal["legal", "birth", "previous", "document", "alias", "nickname", "transliteration", "assumedOnJourney", "religious"] | None,
        Field(description="Kind of name."),
    ] = None
    parts: Annotated[
        list[Part] | None,
        Field(description="Parts in the order written.", max_length=20),
    ] = None
    derived_from: Annotated[
        str | None,
        Field(
            alias="derivedFrom",
            description="The name text that this romanisation was derived from.",
            max_length=300,
            min_length=1,
        ),
    ] = None
    romanisation_system: Annotated[
        str | None,
        Field(
            alias="romanisationSystem",
            description="System used for a romanisation.",
            max_length=60,
            min_length=1,
        ),
    ] = None
    certainty: Annotated[
        Literal["stated", "presumed", "estimated", "derived"] | None,
        Field(description="How sure the source was."),
    ] = None


class Summary(View):
    sex: Annotated[
        Literal["female", "male", "other", "unknown"] | None,
        Field(description="Sex as recorded."),
    ] = None
    sex_basis: Annotated[
        Literal["recorded", "apparent", "anthropological", "chromosomal"] | None,
        Field(alias="sexBasis", description="How the sex is known."),
    ] = None
    age: common.AgeRange | None = None
    region_of_origin: Annotated[
        str | None,
        Field(
            alias="regionOfOrigin",
            description="Region of origin.",
            pattern="^[a-z][A-Za-z0-9]{0,63}$",
        ),
    ] = None


class Nationality(View):
    country: Annotated[
        str | None, Field(description="ISO 3166-1 alpha-2 code.", pattern="^[A-Z]{2}$")
    ] = None
    status: Annotated[
        Literal["stateless", "undetermined"] | None,
        Field(description="When there is no country."),
    ] = None
    basis: Annotated[
        Literal["claimed", "documented", "presumed"],
        Field(description="How it is known."),
    ]


class Identifier(View):
    scheme: Annotated[
        str, Field(description="Kind of document.", pattern="^[a-z][A-Za-z0-9]{0,63}$")
    ]
    issuer: Annotated[
        str | None, Field(description="ISO 3166-1 alpha-2 code.", pattern="^[A-Z]{2}$")
    ] = None
    token: Annotated[
        str, Field(description="Pairwise token.", max_length=200, min_length=1)
    ]


class Identity(View):
    nationalities: Annotated[
        list[Nationality] | None, Field(description="Nationalities.", max_length=10)
    ] = None
    languages: Annotated[
        list[common.Language] | None,
        Field(description="Languages spoken.", max_length=20),
    ] = None
    occupation: Annotated[
        str | None, Field(description="Occupation.", max_length=120, min_length=1)
    ] = None
    identifiers: Annotated[
        list[Identifier] | None, Field(description="Identifiers.", max_length=20)
    ] = None


class Names(View):
    names: Annotated[
        list[Name] | None,
        Field(
            description="Names, each in its own script.", max_length=30, min_length=1
        ),
    ] = None
    father_name: Annotated[
        Name | None, Field(alias="fatherName", description="Name of the father.")
    ] = None
    mother_name: Annotated[
        Name | None, Field(alias="motherName", description="Name of the mother.")
    ] = None


class Birth(View):
    date: Annotated[
        str | None,
        Field(
            description="Date to the precision that is known: year, month or day.",
            pattern="^[0-9]{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?$",
        ),
    ] = None
    calendar: Annotated[
        str | None,
        Field(
            description="Calendar of the date as given.",
            pattern="^[a-z][A-Za-z0-9]{0,63}$",
        ),
    ] = None
    date_as_given: Annotated[
        str | None,
        Field(
            alias="dateAsGiven",
            description="The date in the words of the source.",
            max_length=100,
            min_length=1,
        ),
    ] = None
    place: common.Place | None = None


EyeColour = TypeAliasType(
    "EyeColour", Annotated[str, Field(pattern="^[a-z][A-Za-z0-9]{0,63}$")]
)


HairColour = TypeAliasType(
    "HairColour", Annotated[str, Field(pattern="^[a-z][A-Za-z0-9]{0,63}$")]
)


class Mark(View):
    kind: Annotated[
        Literal["scar", "surgicalScar", "tattoo", "birthmark", "mole", "piercing", "burn", "amputation", "deformity", "prosthesis", "scarification", "other", "implant"],
        Field(description="Kind of mark."),
    ]
    body_location: Annotated[
        str | None,
        Field(
            alias="bodyLocation",
            description="Where on the body.",
            max_length=80,
            min_length=1,
        ),
    ] = None
    body_region: Annotated[
        Literal["head", "face", "ear", "neck", "shoulder", "chest", "abdomen", "back", "upperArm", "forearm", "hand", "finger", "pelvis", "thigh", "knee", "lowerLeg", "foot", "toe", "whole", "unknown"] | None,
        Field(alias="bodyRegion", description="Coded region of the body."),
    ] = None
    side: Annotated[
        Literal["left", "right", "middle", "both", "unknown"] | None,
        Field(description="Side of the body."),
    ] = None
    description: Annotated[
        str | None,
        Field(description="What it looks like.", max_length=500, min_length=1),
    ] = None
    observed: Annotated[
        bool, Field(description="False when examined and found absent.")
    ]


class Physical(View):
    height_cm: Annotated[common.MeasureRange | None, Field(alias="heightCm")] = None
    weight_kg: Annotated[common.MeasureRange | None, Field(alias="weightKg")] = None
    build: Annotated[
        str | None, Field(description="Build.", pattern="^[a-z][A-Za-z0-9]{0,63}$")
    ] = None
    eye_colours: Annotated[
        list[EyeColour] | None,
        Field(alias="eyeColours", description="Eye colours.", max_length=5),
    ] = None
    hair_colours: Annotated[
        list[HairColour] | None,
        Field(alias="hairColours", description="Hair colours.", max_length=5),
    ] = None
    hair_length: Annotated[
        Literal["bald", "shaved", "short", "medium", "long", "unknown"] | None,
        Field(alias="hairLength", description="Length of the hair."),
    ] = None
    facial_hair: Annotated[
        Literal["none", "stubble", "moustache", "goatee", "beard", "unknown"] | None,
        Field(alias="facialHair", description="Facial hair."),
    ] = None
    handedness: Annotated[
        Literal["left", "right", "both", "unknown"] | None,
        Field(description="Preferred hand."),
    ] = None
    marks: Annotated[
        list[Mark] | None,
        Field(description="Marks, seen or known absent.", max_length=50),
    ] = None


Colour = TypeAliasType("Colour", Annotated[str, Field(max_length=40, min_length=1)])


class Item(View):
    category: Annotated[
        Literal["clothing", "footwear", "headwear", "jewellery", "watch", "glasses", "bag", "phone", "document", "money", "keys", "religious", "medicine", "lifeJacket", "toy", "photo", "other"],
        Field(description="Kind of thing."),
    ]
    description: Annotated[
        str | None, Field(description="What it is.", max_length=500, min_length=1)
    ] = None
    colours: Annotated[
        list[Colour] | None, Field(description="Colours.", max_length=10)
    ] = None
    material: Annotated[
        str | None, Field(description="Material.", max_length=80, min_length=1)
    ] = None
    brand: Annotated[
        str | None, Field(description="Brand.", max_length=80, min_length=1)
    ] = None
    size: Annotated[
        str | None, Field(description="Size.", max_length=40, min_length=1)
    ] = None
    inscription: Annotated[
        str | None,
        Field(description="Text on the thing.", max_length=200, min_length=1),
    ] = None
    position: Annotated[
        Literal["worn", "carried", "nearby", "unknown"] | None,
        Field(description="Where it was."),
    ] = None


class ClothingEffects(View):
    items: Annotated[
        list[Item] | None, Field(description="Things worn or carried.", max_length=100)
    ] = None


class Point(View):
    type: Annotated[
        Literal["origin", "departure", "transit", "border", "embarkation", "interception", "rescue", "detention", "disembarkation", "reception", "return", "expulsion", "intendedDestination", "lastKnown", "found"],
        Field(description="Kind of point."),
    ]
    place: common.Place | None = None
    date: Annotated[
        str | None,
        Field(
            description="Date to the precision that is known: year, month or day.",
            pattern="^[0-9]{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?$",
        ),
    ] = None
    local_time: Annotated[
        str | None,
        Field(
            alias="localTime",
            description="Local time of day.",
            pattern="^([01][0-9]|2[0-3]):[0-5][0-9]$",
        ),
    ] = None
    offset: Annotated[
        str | None,
        Field(
            description="Offset from UTC or `unknown`.",
            pattern="^([+-][0-9]{2}:[0-9]{2}|unknown)$",
        ),
    ] = None
    transport: Annotated[
        str | None,
        Field(description="Means of transport.", pattern="^[a-z][A-Za-z0-9]{0,63}$"),
    ] = None


class LastContact(View):
    date: Annotated[
        str | None,
        Field(
            description="Date to the precision that is known: year, month or day.",
            pattern="^[0-9]{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?$",
        ),
    ] = None
    channel: Annotated[
        str | None, Field(description="Channel.", pattern="^[a-z][A-Za-z0-9]{0,63}$")
    ] = None
    place: common.Place | None = None


class Journey(View):
    points: Annotated[
        list[Point] | None, Field(description="Points of the journey.", max_length=100)
    ] = None
    route: Annotated[
        str | None, Field(description="Route.", pattern="^[a-z][A-Za-z0-9]{0,63}$")
    ] = None
    direction: Annotated[
        Literal["outward", "return", "unknown", "expulsion"] | None,
        Field(description="Direction."),
    ] = None
    last_contact: Annotated[
        LastContact | None, Field(alias="lastContact", description="Last contact.")
    ] = None
    companions_count: Annotated[
        int | None,
        Field(
            alias="companionsCount",
            description="People travelling together, persons.",
            ge=0,
            le=100000,
        ),
    ] = None


class Incident(View):
    incident: Annotated[
        str | None,
        Field(
            description="Permanent opaque identifier of kind `incident`: 130 random bits in lower-case base32.",
            pattern="^incident:[a-z2-7]{26}$",
        ),
    ] = None
    circumstances: Annotated[
        str | None,
        Field(description="Circumstances as told.", max_length=2000, min_length=1),
    ] = None


class Image(View):
    image_reference: Annotated[
        str,
        Field(
            alias="imageReference",
            description="Reference at the custodian.",
            max_length=100,
            min_length=1,
        ),
    ]
    media_type: Annotated[
        str | None,
        Field(
            alias="mediaType", description="Media type.", max_length=60, min_length=1
        ),
    ] = None


class Photo(View):
    images: Annotated[
        list[Image] | None, Field(description="Images.", max_length=20)
    ] = None


Condition = TypeAliasType(
    "Condition", Annotated[str, Field(max_length=200, min_length=1)]
)


Implant = TypeAliasType("Implant", Annotated[str, Field(max_length=200, min_length=1)])


class Medical(View):
    conditions: Annotated[
        list[Condition] | None, Field(description="Conditions.", max_length=50)
    ] = None
    implants: Annotated[
        list[Implant] | None, Field(description="Implants.", max_length=20)
    ] = None
    blood_group: Annotated[
        str | None,
        Field(
            alias="bloodGroup", description="Blood group.", max_length=10, min_length=1
        ),
    ] = None


class Tooth(View):
    tooth: Annotated[
        str,
        Field(
            description="FDI number (ISO 3950).", pattern="^([1-4][1-8]|[5-8][1-5])$"
        ),
    ]
    state: Annotated[
        str, Field(description="State.", pattern="^[a-z][A-Za-z0-9]{0,63}$")
    ]
    surfaces: Annotated[
        str | None, Field(description="Surfaces.", max_length=10, min_length=1)
    ] = None


class Dental(View):
    notation: Annotated[
        Literal["fdi", "universal", "palmer"] | None, Field(description="Notation.")
    ] = None
    teeth: Annotated[list[Tooth] | None, Field(description="Teeth.", max_length=52)] = (
        None
    )
    reference: Annotated[
        str | None,
        Field(description="Reference at the laboratory.", max_length=100, min_length=1),
    ] = None


Reference = TypeAliasType(
    "Reference", Annotated[str, Field(max_length=100, min_length=1)]
)


class Fingerprints(View):
    references: Annotated[
        list[Reference] | None, Field(description="References.", max_length=20)
    ] = None


class Reference2(View):
    model_config = ConfigDict(
        extra="forbid",
    )
    kind: Annotated[
        Literal["direct", "referenceRelative"],
        Field(description="Direct or of a relative."),
    ]
    locus_set: Annotated[
        str | None,
        Field(
            alias="locusSet",
            description="Locus set.",
            pattern="^[a-z][A-Za-z0-9]{0,63}$",
        ),
    ] = None
    laboratory: Annotated[
        str | None, Field(description="Laboratory.", max_length=120, min_length=1)
    ] = None
    laboratory_code: Annotated[
        str | None,
        Field(
            alias="laboratoryCode",
            description="Code at the laboratory.",
            max_length=100,
            min_length=1,
        ),
    ] = None
    sample: Annotated[
        str | None,
        Field(
            description="Permanent opaque identifier of kind `sample`: 130 random bits in lower-case base32.",
            pattern="^sample:[a-z2-7]{26}$",
        ),
    ] = None
    kit: Annotated[
        str | None, Field(description="Kit or panel.", max_length=100, min_length=1)
    ] = None


class Dna(View):
    model_config = ConfigDict(
        extra="forbid",
    )
    references: Annotated[
        list[Reference2] | None, Field(description="Profiles.", max_length=20)
    ] = None


class Informant(View):
    role: Annotated[
        Literal["family", "coTraveller", "friend", "representative", "institution", "other"] | None,
        Field(description="Role of the informant."),
    ] = None
    relationship: Annotated[
        str | None,
        Field(description="Relationship.", pattern="^[a-z][A-Za-z0-9]{0,63}$"),
    ] = None
    search_request: Annotated[
        str | None,
        Field(
            alias="searchRequest",
            description="Permanent opaque identifier of kind `request`: 130 random bits in lower-case base32.",
            pattern="^request:[a-z2-7]{26}$",
        ),
    ] = None


Contact = TypeAliasType("Contact", common.SafeContact)


class RemainsLocation(View):
    situation: Annotated[
        Literal["atScene", "inFacility", "buried", "released", "cremated", "unknown"] | None,
        Field(description="Where the remains are."),
    ] = None
    facility: Annotated[
        str | None, Field(description="Facility.", max_length=200, min_length=1)
    ] = None
    storage_reference: Annotated[
        str | None,
        Field(
            alias="storageReference",
            description="Reference at the facility.",
            max_length=100,
            min_length=1,
        ),
    ] = None
    burial_place: Annotated[common.Place | None, Field(alias="burialPlace")] = None


Flag = TypeAliasType("Flag", Annotated[str, Field(pattern="^[a-z][A-Za-z0-9]{0,63}$")])


class Vulnerability(View):
    flags: Annotated[list[Flag] | None, Field(description="Flags.", max_length=20)] = (
        None
    )
    is_minor: Annotated[
        bool | None, Field(alias="isMinor", description="Known to be under 18.")
    ] = None


class Event(View):
    at: Annotated[
        str,
        Field(
            description="Instant in UTC, whole seconds, `Z`; a leap second is written as the second before.",
            pattern="^[1-9][0-9]{3}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-5][0-9]Z$",
        ),
    ]
    event: Annotated[
        str, Field(description="What happened.", pattern="^[a-z][A-Za-z0-9]{0,63}$")
    ]
    party: Annotated[
        str | None, Field(description="Institution.", max_length=200, min_length=1)
    ] = None
    from_: Annotated[
        str | None,
        Field(
            alias="from",
            description="Institution that handed over.",
            max_length=200,
            min_length=1,
        ),
    ] = None
    to: Annotated[
        str | None,
        Field(description="Institution that took over.", max_length=200, min_length=1),
    ] = None
    signed_by: Annotated[
        str | None,
        Field(
            alias="signedBy",
            description="Who signed for it, by office and not by name.",
            max_length=200,
            min_length=1,
        ),
    ] = None
    document: Annotated[
        str | None,
        Field(
            description="Reference of the signed paper at the institution.",
            max_length=100,
            min_length=1,
        ),
    ] = None


class Custody(View):
    events: Annotated[
        list[Event] | None, Field(description="Hand-overs.", max_length=100)
    ] = None


class SectionsModel(View):
    summary: Summary | None = None
    identity: Identity | None = None
    names: Names | None = None
    birth: Birth | None = None
    physical: Physical | None = None
    clothing_effects: Annotated[
        ClothingEffects | None, Field(alias="clothingEffects")
    ] = None
    journey: Journey | None = None
    incident: Incident | None = None
    photo: Photo | None = None
    medical: Medical | None = None
    dental: Dental | None = None
    fingerprints: Fingerprints | None = None
    dna: Dna | None = None
    informant: Informant | None = None
    contact: Contact | None = None
    remains_location: Annotated[
        RemainsLocation | None, Field(alias="remainsLocation")
    ] = None
    vulnerability: Vulnerability | None = None
    custody: Custody | None = None
