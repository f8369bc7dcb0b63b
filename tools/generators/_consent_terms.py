"""Cases of the consent vectors on terms: matrix, recipients, times, territories, scope and obligations."""

from __future__ import annotations

from collections.abc import Iterator

from tools.generators._consent_scenes import (
    AFTER,
    BEFORE,
    NEIGHBOUR,
    NODE,
    NOW,
    OWN,
    Json,
    case,
    directive,
    grant,
    requester,
)

_NAMED = {OWN: ["names"]}
_CLASSES = [
    *("humanitarian", "forensic", "health", "rescue", "childProtection", "consular", "judicial", "police"),
    *("borderAuthority", "immigrationAuthority", "other"),
]
_MATRIX = {
    "searchLiving": "existence summary identity names birth physical clothingEffects journey incident photo "
    "contact custody",
    "identifyDeceased": "existence summary identity names birth physical clothingEffects journey incident "
    "photo medical dental fingerprints dna contact remainsLocation custody",
    "notifyFamily": "existence summary identity names incident contact remainsLocation custody",
    "familyReunification": "existence summary identity names birth photo contact custody",
    "familySupport": "existence summary contact vulnerability",
    "childProtection": "existence summary identity names birth physical clothingEffects journey incident "
    "photo contact vulnerability custody",
    "repatriation": "existence summary identity names incident contact remainsLocation custody",
    "statistics": "existence summary incident",
    "protectLife": "existence summary identity physical journey incident medical contact",
    "criminalInvestigation": "existence summary identity names birth physical clothingEffects journey "
    "incident photo custody",
}
_CATEGORIES = [
    *("existence", "summary", "identity", "names", "birth", "physical", "clothingEffects", "journey"),
    *("incident", "photo", "medical", "dental", "fingerprints", "dna", "informant", "contact"),
    *("remainsLocation", "vulnerability", "custody"),
]
_SETS = {
    "existence": "existence",
    "summary": "existence summary",
    "identity": "existence summary identity names birth",
    "searchDetail": "existence summary identity names birth physical clothingEffects journey incident photo",
    "forensic": "existence summary physical clothingEffects incident medical dental fingerprints dna "
    "remainsLocation custody",
    "contact": "existence summary contact",
}


def matrix() -> Iterator[Json]:
    """Yield a case for each purpose, with everything granted and asked for, and for each release set."""
    for purpose, row in _MATRIX.items():
        everything = grant(purposes=[purpose], categories=_CATEGORIES, recipientClasses=["health"])
        yield case(
            f"all that {purpose} may ever receive",
            directive("own", everything, authority="self"),
            purpose=purpose,
            categories=_CATEGORIES,
            requester=requester("health", purposes=[purpose]),
            expect={OWN: row.split()},
        )
    for name, members in _SETS.items():
        yield case(
            f"a grant of the set {name} covers its categories",
            directive("own", grant(purposes=["identifyDeceased"], releaseSets=[name])),
            purpose="identifyDeceased",
            categories=_CATEGORIES,
            expect={OWN: members.split()},
            shows="CONS-001",
        )
    everybody = grant(purposes=["protectLife"], categories=["medical"], recipientClasses=_CLASSES)
    for recipient_class in _CLASSES:
        yield case(
            f"protection of life by the class {recipient_class}, when everybody is permitted",
            directive("own", everybody, authority="self"),
            purpose="protectLife",
            categories=["medical"],
            requester=requester(recipient_class),
            expect={OWN: ["medical"]}
            if recipient_class in {"health", "rescue"}
            else "recipientClassNotAllowed",
            shows="PURP-008",
        )


def recipients() -> Iterator[Json]:
    """Yield cases of whom a permit and a denial name."""
    for recipient_class in _CLASSES:
        one = requester(recipient_class, nationalAuthorityOf="NO")
        yield case(
            f"permit for the class {recipient_class} reaches it",
            directive("own", grant(recipientClasses=[recipient_class])),
            requester=one,
            expect=_NAMED,
        )
        others = [name for name in _CLASSES if name != recipient_class]
        yield case(
            f"permit for all classes but {recipient_class} does not reach it",
            directive("own", grant(recipientClasses=others)),
            requester=one,
            expect="noPermit",
        )
    of_another = {"recipientIds": [NEIGHBOUR]}
    for name, members, denied in (
        ("that names no recipient", {}, True),
        ("of the node", {"recipientIds": [NODE]}, True),
        ("of another node", of_another, False),
        ("of another node and of the class", of_another | {"recipientClasses": ["humanitarian"]}, True),
    ):
        yield case(
            f"denial {name}",
            directive("own", grant(), grant("deny", **members)),
            expect="denied" if denied else _NAMED,
            shows="CONS-003",
        )


def times() -> Iterator[Json]:
    """Yield cases of grants and authorities that begin and end."""
    instants = (("before", BEFORE), ("now", NOW), ("after", AFTER))
    for word, at in instants:
        begun, ended = at != AFTER, at != AFTER
        yield case(
            f"permit with the beginning {word}",
            directive("own", grant(notBefore=at)),
            expect=_NAMED if begun else "noPermit",
        )
        yield case(
            f"permit with the end {word}",
            directive("own", grant(expires=at)),
            expect="noPermit" if ended else _NAMED,
        )
        yield case(
            f"denial with the beginning {word}",
            directive("own", grant(), grant("deny", notBefore=at)),
            expect="denied" if begun else _NAMED,
            shows="CONS-003",
        )
        yield case(
            f"denial with the end {word}",
            directive("own", grant(), grant("deny", expires=at)),
            expect=_NAMED if ended else "denied",
            shows="CONS-003",
        )
        for authority in ("self", "guardian", "mandate", "enquirer"):
            yield case(
                f"authority of {authority} with the end {word}",
                directive("own", grant(), authority=authority, validUntil=at),
                expect="lapsed" if ended else _NAMED,
                shows="CONS-009",
            )
        yield case(
            f"denial by an authority with the end {word}",
            directive("own", grant()),
            directive("other", grant("deny"), authority="court", validUntil=at),
            expect="denied",
            shows="CONS-009",
        )


def territories() -> Iterator[Json]:
    """Yield cases of where data are accessed: what is stated against what is named."""
    for stated in ([], ["CH"], ["FR"], ["CH", "FR"], ["LY"]):
        for named in ([], ["CH"], ["CH", "FR"]):
            where = (
                f"{' and '.join(named) or 'anywhere'} for a requester in {' and '.join(stated) or 'no place'}"
            )
            within = not named or (bool(stated) and set(stated) <= set(named))
            yield case(
                f"permit for {where}",
                directive("own", grant(territories=named)),
                requester=requester(territories=stated),
                expect=_NAMED if within else "noPermit",
            )
            touched = not named or not stated or bool(set(stated) & set(named))
            yield case(
                f"denial for {where}",
                directive("own", grant(), grant("deny", territories=named)),
                requester=requester(territories=stated),
                expect="denied" if touched else _NAMED,
                shows="CONS-003",
            )


def scope() -> Iterator[Json]:
    """Yield cases of authorities that cover a part."""
    for name, bounds, expect in (
        ("the purpose", {"purposes": ["searchLiving"]}, ["birth", "names"]),
        ("another purpose", {"purposes": ["repatriation"]}, []),
        ("one of the categories", {"categories": ["names"]}, ["names"]),
        ("another category", {"categories": ["photo"]}, []),
        ("purpose and category", {"purposes": ["searchLiving"], "categories": ["birth"]}, ["birth"]),
        ("the category for another purpose", {"purposes": ["repatriation"], "categories": ["birth"]}, []),
    ):
        for authority in ("mandate", "guardian", "court"):
            yield case(
                f"permit by {authority} whose scope is {name}",
                directive("own", grant(), authority=authority, scope=bounds),
                categories=["birth", "names"],
                expect={OWN: expect} if expect else "noPermit",
            )
    yield case(
        "denial reaches beyond the scope",
        directive("own", grant(), grant("deny"), scope={"categories": ["photo"]}),
        expect="denied",
    )
    yield case(
        "withdrawal reaches beyond the scope",
        directive("own", grant(), scope={"categories": ["names"]}, withdrawals=[{"at": BEFORE}]),
        expect="withdrawn",
    )


def obligations() -> Iterator[Json]:
    """Yield cases of the conditions of a permit."""
    order = ("none", "ask", "samePurpose")
    for first in order:
        for second in order:
            yield case(
                f"onward {first} and {second}",
                directive("own", grant(onward=first), grant(onward=second)),
                expect=_NAMED,
                duties={"onward": min(first, second, key=order.index)},
            )
    later = "2026-12-24T10:00:00Z"
    for name, members, ends, until in (
        ("the end of the permit", {"expires": AFTER}, {}, AFTER),
        ("the end of the authority", {}, {"validUntil": AFTER}, AFTER),
        ("the earlier end of the permit", {"expires": AFTER}, {"validUntil": later}, AFTER),
        ("the earlier end of the authority", {"expires": later}, {"validUntil": AFTER}, AFTER),
    ):
        yield case(
            f"delete by {name}",
            directive("own", grant(**members), **ends),
            expect=_NAMED,
            duties={"deleteBy": until},
        )
    for name, members, until in (
        ("after 72 hours", {}, "2026-11-24T10:00:00Z"),
        ("with an earlier permit", {"expires": "2026-11-22T10:00:00Z"}, "2026-11-22T10:00:00Z"),
        ("in spite of a later permit", {"expires": later}, "2026-11-24T10:00:00Z"),
    ):
        rescue = grant(
            purposes=["protectLife"], categories=["medical"], recipientClasses=["rescue"], **members
        )
        yield case(
            f"protection of life ends {name}",
            directive("own", rescue),
            purpose="protectLife",
            categories=["medical"],
            requester=requester("rescue"),
            expect={OWN: ["medical"]},
            duties={"deleteBy": until},
            shows="PURP-009",
        )
    yield case(
        "exclusions of all who could deny travel along",
        directive("own", grant(), doNotShareWith=[{"recipientClass": "police"}]),
        directive("other", authority="self", doNotShareWith=[{"nodeId": NEIGHBOUR}]),
        expect=_NAMED,
        duties={"doNotShareWith": [{"nodeId": NEIGHBOUR}, {"recipientClass": "police"}]},
    )
