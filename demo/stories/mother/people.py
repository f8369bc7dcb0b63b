"""The evidently fictional people and things of the demo, as wire documents.

Countries are the user-assigned codes XA, XB, XC of ISO 3166, so that no real State is meant; every name says
"example", "sample" or "fiction" in its own language.
"""

from typing import Any

Document = dict[str, Any]

MINISTRY = "Ministry of Interior of Exampleland"
OFFICE_A = {
    "organisation": "Example National Society, Restoring Family Links",
    "email": "rfl@society-a.example",
}
OFFICE_B = {"organisation": "Example Forensic Institute", "email": "office@institute-b.example"}
OFFICE_C = {"organisation": "Example Red Cross Reception Service", "email": "rfl@reception-c.example"}


def mothers_directive(ministry: str) -> Document:
    """What the mother agreed to: two purposes, humanitarian and forensic recipients, not a ministry."""
    return {
        "legalBasis": "consent",
        "dataSubject": "enquirer",
        "givenBy": {"authority": "enquirer", "relationship": "mother"},
        "givenAt": "2026-11-02T09:30:00Z",
        "method": "oral",
        "language": "ar",
        "grants": [
            {
                "effect": "permit",
                "purposes": ["identifyDeceased", "searchLiving"],
                "releaseSets": ["searchDetail"],
                "recipientClasses": ["humanitarian", "forensic"],
                "onward": "none",
                "expires": "2036-01-01T00:00:00Z",
            }
        ],
        "doNotShareWith": [{"parentMinistry": ministry}, {"recipientClass": "immigrationAuthority"}],
        "publication": "none",
    }


def sought_son(directive: str, contributor: str) -> Document:
    """The son the mother looks for; Arabic script first, a romanisation derived from it."""
    return {
        "type": "soughtPerson",
        "status": "open",
        "legalBasis": "consent",
        "controller": OFFICE_A["organisation"],
        "governingLaw": "XA",
        "contactOffice": OFFICE_A,
        "synthetic": True,
        "contributions": [
            {
                "contributor": contributor,
                "directive": directive,
                "assertedAt": "2026-11-02T09:40:00Z",
                "source": "family",
                "certainty": "stated",
                "sections": {
                    "names": {
                        "names": [
                            {
                                "text": "مثال تجريبي الوهمي",
                                "script": "Arab",
                                "language": "ar",
                                "type": "legal",
                                "parts": [
                                    {"kind": "given", "value": "مثال"},
                                    {"kind": "patronymic", "value": "تجريبي"},
                                    {"kind": "nisba", "value": "الوهمي"},
                                ],
                            },
                            {
                                "text": "Mithal Tajribi al-Wahmi",
                                "script": "Latn",
                                "type": "transliteration",
                                "derivedFrom": "مثال تجريبي الوهمي",
                                "certainty": "derived",
                            },
                        ]
                    },
                    "summary": {"sex": "male", "age": {"min": 23, "max": 23, "asOf": "2026-09"}},
                    "birth": {"date": "2003-04"},
                    "physical": {
                        "heightCm": {"min": 172, "max": 178},
                        "marks": [
                            {
                                "kind": "scar",
                                "bodyLocation": "forearm",
                                "side": "left",
                                "description": "Crescent scar of three centimetres",
                                "observed": True,
                            },
                            {"kind": "tattoo", "observed": False},
                        ],
                    },
                    "clothingEffects": {
                        "items": [
                            {
                                "category": "jewellery",
                                "description": "Silver ring",
                                "material": "silver",
                                "inscription": "EXAMPLE-2003",
                            }
                        ]
                    },
                    "journey": {
                        "route": "centralMediterranean",
                        "points": [
                            {
                                "type": "origin",
                                "place": {"name": "Sampletown", "country": "XA"},
                                "date": "2026-07",
                            },
                            {
                                "type": "lastKnown",
                                "place": {"name": "Port Placeholder", "country": "XB"},
                                "date": "2026-09-14",
                            },
                        ],
                        "lastContact": {"date": "2026-09-14", "channel": "phone"},
                    },
                },
            }
        ],
    }


def sought_brother(directive: str, contributor: str) -> Document:
    """A second search of node A; the person is alive at node C. Ethiopic script, two names."""
    return {
        "type": "soughtPerson",
        "status": "open",
        "legalBasis": "consent",
        "controller": OFFICE_A["organisation"],
        "governingLaw": "XA",
        "contactOffice": OFFICE_A,
        "synthetic": True,
        "contributions": [
            {
                "contributor": contributor,
                "directive": directive,
                "assertedAt": "2026-11-03T08:00:00Z",
                "source": "family",
                "certainty": "stated",
                "sections": {
                    "names": {
                        "names": [
                            {
                                "text": "ምሳሌ ልብወለድ",
                                "script": "Ethi",
                                "language": "am",
                                "type": "legal",
                                "parts": [
                                    {"kind": "given", "value": "ምሳሌ"},
                                    {"kind": "patronymic", "value": "ልብወለድ"},
                                ],
                            }
                        ]
                    },
                    "summary": {"sex": "male", "age": {"min": 19, "max": 20, "asOf": "2026-10"}},
                    "journey": {
                        "points": [
                            {"type": "origin", "place": {"name": "Mockville", "country": "XA"}},
                            {
                                "type": "lastKnown",
                                "place": {"name": "Testhaven", "country": "XC"},
                                "date": "2026-10",
                            },
                        ]
                    },
                },
            }
        ],
    }


def search_request(person: str, directive: str, relationship: str) -> Document:
    """What the family asked for at a mobile service point, and how it may be reached without harm."""
    return {
        "person": person,
        "status": "open",
        "enquirer": {"role": "family", "relationship": relationship, "pseudonym": "Enquirer Sample Seven"},
        "safeContact": {
            "channel": "intermediary",
            "hours": "weekday mornings",
            "wordsToAvoid": "missing, police",
        },
        "collectionPoint": {"type": "mobile", "name": "Service point Example Bus 3", "country": "XA"},
        "language": "ar",
        "directives": [directive],
        "notificationWishes": {"inPerson": True, "personToTell": "sister first", "language": "ar"},
    }


def institutes_directive() -> Document:
    """The forensic institute's mandate over the remains in its care."""
    return {
        "legalBasis": "publicInterest",
        "dataSubject": "remains",
        "givenBy": {"authority": "institution"},
        "givenAt": "2026-10-01T08:00:00Z",
        "method": "institutional",
        "language": "en",
        "grants": [
            {
                "effect": "permit",
                "purposes": ["identifyDeceased"],
                "releaseSets": ["summary", "forensic", "searchDetail"],
                "recipientClasses": ["humanitarian", "forensic"],
                "onward": "ask",
                "expires": "2036-01-01T00:00:00Z",
            }
        ],
    }


def remains(directive: str) -> Document:
    """An unidentified body with post-mortem data and a personal item."""
    return {
        "type": "remainsUnit",
        "status": "open",
        "legalBasis": "publicInterest",
        "controller": OFFICE_B["organisation"],
        "governingLaw": "XB",
        "contactOffice": OFFICE_B,
        "synthetic": True,
        "condition": "complete",
        "minimumIndividuals": 1,
        "commingled": False,
        "postMortem": [
            {"process": "dna", "state": "completed"},
            {"process": "dental", "state": "inProgress"},
        ],
        "contributions": [
            {
                "contributor": "institute-b",
                "directive": directive,
                "assertedAt": "2026-10-01T08:30:00Z",
                "source": "examination",
                "certainty": "estimated",
                "sections": {
                    "summary": {
                        "sex": "male",
                        "sexBasis": "apparent",
                        "age": {"min": 20, "max": 28, "asOf": "2026-09"},
                    },
                    "physical": {
                        "heightCm": {"min": 171, "max": 179},
                        "marks": [
                            {
                                "kind": "scar",
                                "bodyLocation": "forearm",
                                "side": "left",
                                "description": "Curved scar",
                                "observed": True,
                            },
                            {"kind": "tattoo", "observed": False},
                        ],
                    },
                    "clothingEffects": {
                        "items": [
                            {
                                "category": "jewellery",
                                "description": "Ring, silver",
                                "material": "silver",
                                "inscription": "EXAMPLE-2003",
                            }
                        ]
                    },
                    "journey": {
                        "route": "centralMediterranean",
                        "points": [
                            {
                                "type": "found",
                                "place": {"name": "Beach of Samples", "country": "XB"},
                                "date": "2026-09-20",
                            }
                        ],
                    },
                    "dna": {
                        "references": [
                            {"kind": "direct", "locusSet": "ess12", "laboratoryCode": "EX-LAB-0042"}
                        ]
                    },
                    "remainsLocation": {"facility": "Example Mortuary", "storageReference": "PLACEHOLDER-17"},
                },
            }
        ],
    }


def own_directive() -> Document:
    """The found man's own directive: he may be looked for among humanitarian services, nothing more."""
    return {
        "legalBasis": "consent",
        "dataSubject": "livingPerson",
        "givenBy": {"authority": "self"},
        "givenAt": "2026-10-20T10:00:00Z",
        "method": "oral",
        "language": "am",
        "grants": [
            {
                "effect": "permit",
                "purposes": ["searchLiving", "familyReunification"],
                "releaseSets": ["summary"],
                "recipientClasses": ["humanitarian"],
                "onward": "none",
                "expires": "2036-01-01T00:00:00Z",
            }
        ],
        "doNotShareWith": [{"recipientClass": "consular"}, {"recipientClass": "police"}],
    }


def found_alive(directive: str) -> Document:
    """The man whom node C received; his name as he writes it in Latin letters, father's name first."""
    return {
        "type": "foundAlive",
        "status": "open",
        "legalBasis": "consent",
        "controller": OFFICE_C["organisation"],
        "governingLaw": "XC",
        "contactOffice": OFFICE_C,
        "synthetic": True,
        "contributions": [
            {
                "contributor": "reception-c",
                "directive": directive,
                "assertedAt": "2026-10-20T10:05:00Z",
                "source": "self",
                "certainty": "stated",
                "sections": {
                    "names": {"names": [{"text": "Libweled Misale", "script": "Latn", "type": "legal"}]},
                    "summary": {"sex": "male", "age": {"min": 19, "max": 19, "asOf": "2026-10"}},
                    "journey": {
                        "points": [
                            {"type": "origin", "place": {"name": "Mockville", "country": "XA"}},
                            {
                                "type": "disembarkation",
                                "place": {"name": "Testhaven", "country": "XC"},
                                "date": "2026-10-18",
                            },
                        ]
                    },
                },
            }
        ],
    }
