"""Cases of the consent vectors on purposes, permits and withdrawal."""

from __future__ import annotations

from collections.abc import Iterator

from tools.generators._consent_scenes import (
    AFTER,
    BEFORE,
    NEIGHBOUR,
    NODE,
    NOW,
    OTHER,
    OWN,
    Json,
    case,
    directive,
    grant,
    ident,
    requester,
)


def purposes() -> Iterator[Json]:
    """Yield the cases."""
    everything = grant(
        purposes=["searchLiving", "borderControl", "immigrationEnforcement", "returnProcedure", "commercial"],
        releaseSets=["existence", "summary", "identity", "searchDetail", "forensic", "contact"],
    )
    for purpose in ("immigrationEnforcement", "borderControl", "returnProcedure", "commercial"):
        asked: Json = {"purpose": purpose, "requester": requester(purposes=[purpose])}
        yield case(
            f"prohibited purpose {purpose} is denied though granted",
            directive("own", everything, authority="self"),
            expect="purposeProhibited",
            **asked,
        )
    own = directive("own", everything)
    yield case("unknown purpose is denied", own, purpose="curiosity", expect="purposeUnknown")
    yield case(
        "purpose outside the mandate of the requester is denied",
        own,
        requester=requester(purposes=["identifyDeceased"]),
        expect="purposeNotMandated",
    )
    yield case("permitted purpose and category are permitted", own, expect={OWN: ["names"]})
    yield case(
        "category that the purpose may never receive is denied",
        own,
        categories=["dna", "names"],
        expect={OWN: ["names"]},
    )
    yield case("unknown category is denied", own, categories=["shoeSize"], expect="categoryNotForPurpose")
    statistics = grant(purposes=["statistics"])
    yield case(
        "statistics never receives names",
        directive("own", statistics),
        purpose="statistics",
        requester=requester(purposes=["statistics"]),
        categories=["existence", "names", "summary"],
        expect={OWN: ["existence", "summary"]},
    )
    investigation: Json = {"purpose": "criminalInvestigation", "countries": []}
    police = requester("police", purposes=["criminalInvestigation"])
    yield case(
        "criminal investigation is denied without a grant that names it",
        directive("own", grant(recipientClasses=["police"])),
        requester=police,
        expect="explicitGrantRequired",
        **investigation,
    )
    yield case(
        "criminal investigation is permitted by a grant that names it",
        directive("own", grant(purposes=["criminalInvestigation"], recipientClasses=["police"])),
        requester=police,
        expect={OWN: ["names"]},
        **investigation,
    )
    for recipient_class, expect in (
        ("health", {OWN: ["physical"]}),
        ("rescue", {OWN: ["physical"]}),
        ("humanitarian", "recipientClassNotAllowed"),
        ("police", "recipientClassNotAllowed"),
    ):
        yield case(
            f"protection of life asked by class {recipient_class}",
            directive(
                "own",
                grant(purposes=["protectLife"], categories=["physical"], recipientClasses=[recipient_class]),
            ),
            purpose="protectLife",
            categories=["physical"],
            requester=requester(recipient_class),
            expect=expect,
        )


def permits() -> Iterator[Json]:
    """Yield the cases."""
    named = {OWN: ["names"]}
    yield case("contribution without a directive is held and not shared", expect="noDirective")
    yield case("directive without grants shares nothing", directive("own"), expect="noPermit")
    yield case(
        "permit for another purpose does not help",
        directive("own", grant(purposes=["repatriation"])),
        expect="noPermit",
    )
    yield case(
        "permit for another category does not help",
        directive("own", grant(categories=["names"])),
        categories=["physical"],
        expect="noPermit",
    )
    yield case(
        "permit that names no categories permits none",
        directive("own", grant(releaseSets=[])),
        expect="noPermit",
    )
    yield case(
        "permit that names no recipients permits nobody",
        directive("own", grant(recipientClasses=[])),
        expect="noPermit",
    )
    yield case(
        "permit for another class does not help",
        directive("own", grant(recipientClasses=["forensic"])),
        expect="noPermit",
    )
    yield case(
        "permit by identifier suffices",
        directive("own", grant(recipientClasses=[], recipientIds=[NODE])),
        expect=named,
    )
    yield case(
        "permit by identifier of another node does not help",
        directive("own", grant(recipientClasses=[], recipientIds=[NEIGHBOUR])),
        expect="noPermit",
    )
    yield case(
        "permit within its territories", directive("own", grant(territories=["CH", "FR"])), expect=named
    )
    yield case(
        "permit outside its territories", directive("own", grant(territories=["FR"])), expect="noPermit"
    )
    yield case(
        "permit with territories needs a requester who states where",
        directive("own", grant(territories=["CH"])),
        requester=requester(territories=[]),
        expect="noPermit",
    )
    yield case(
        "permit with territories must cover all of the requester's",
        directive("own", grant(territories=["CH"])),
        requester=requester(territories=["CH", "LY"]),
        expect="noPermit",
    )
    yield case("permit before its time", directive("own", grant(notBefore=AFTER)), expect="noPermit")
    yield case("permit at the first second of its time", directive("own", grant(notBefore=NOW)), expect=named)
    yield case("permit after its time", directive("own", grant(expires=BEFORE)), expect="noPermit")
    yield case(
        "permit ends at the second of its expiry", directive("own", grant(expires=NOW)), expect="noPermit"
    )
    yield case(
        "expiry of a permit becomes a duty to delete", directive("own", grant(expires=AFTER)), expect=named
    )
    yield case(
        "the strictest onward rule of several permits holds",
        directive("own", grant(onward="samePurpose"), grant(onward="ask")),
        expect=named,
    )
    yield case(
        "permits add up over categories",
        directive(
            "own", grant(releaseSets=[], categories=["names"]), grant(releaseSets=[], categories=["photo"])
        ),
        categories=["names", "photo", "journey"],
        expect={OWN: ["names", "photo"]},
    )


def withdrawal() -> Iterator[Json]:
    """Yield the cases."""
    named = {OWN: ["names"]}
    yield case(
        "withdrawal removes permits",
        directive("own", grant(), withdrawals=[{"at": BEFORE}]),
        expect="withdrawn",
    )
    yield case(
        "withdrawal works from its second on",
        directive("own", grant(), withdrawals=[{"at": NOW}]),
        expect="withdrawn",
    )
    yield case(
        "withdrawal to come does not work yet",
        directive("own", grant(), withdrawals=[{"at": AFTER}]),
        expect=named,
    )
    yield case(
        "withdrawal for the purpose asked",
        directive("own", grant(), withdrawals=[{"at": BEFORE, "purposes": ["searchLiving"]}]),
        expect="withdrawn",
    )
    yield case(
        "withdrawal for another purpose leaves the permit",
        directive("own", grant(), withdrawals=[{"at": BEFORE, "purposes": ["repatriation"]}]),
        expect=named,
    )
    withdrawn = directive("person", grant("deny"), authority="self", withdrawals=[{"at": BEFORE}])
    yield case("withdrawal never removes a denial", directive("own", grant()), withdrawn, expect="denied")
    yield case(
        "authority that has lapsed permits no longer",
        directive("own", grant(), authority="guardian", validUntil=BEFORE),
        expect="lapsed",
    )
    lapsed = directive("guardian", grant("deny"), authority="guardian", validUntil=BEFORE)
    yield case("authority that has lapsed still denies", directive("own", grant()), lapsed, expect="denied")
    other = directive("other", grant(), withdrawals=[{"at": BEFORE}])
    both = {OWN: ident("directive", "own"), OTHER: ident("directive", "other")}
    yield case(
        "withdrawal of one enquirer leaves what another contributed",
        directive("own", grant()),
        other,
        contributions=both,
        expect=named,
    )
