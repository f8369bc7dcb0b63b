"""Cases of the consent vectors on denials, excluded recipients and authorities of concern."""

from __future__ import annotations

from collections.abc import Iterator

from tools.generators._consent_scenes import (
    BEFORE,
    CHILD,
    NEIGHBOUR,
    NODE,
    OTHER,
    OWN,
    Json,
    case,
    directive,
    grant,
    ident,
    requester,
)


def denials() -> Iterator[Json]:
    """Yield the cases."""
    named = {OWN: ["names"]}
    both = {OWN: ident("directive", "own"), OTHER: ident("directive", "other")}
    own = directive("own", grant())
    yield case(
        "denial beats a permit of the same directive",
        directive("own", grant(), grant("deny")),
        expect="denied",
    )
    yield case(
        "denial of one category leaves the others",
        directive("own", grant(), grant("deny", categories=["birth"])),
        categories=["birth", "names"],
        expect=named,
    )
    yield case(
        "denial for another purpose does not bind",
        directive("own", grant(), grant("deny", purposes=["repatriation"])),
        expect=named,
    )
    yield case(
        "denial for another class does not bind",
        directive("own", grant(), grant("deny", recipientClasses=["police"])),
        expect=named,
    )
    yield case(
        "denial of one enquirer leaves what another contributed",
        own,
        directive("other", grant(), grant("deny")),
        contributions=both,
        expect=named,
    )
    for authority in ("self", "guardian", "court", "childProtection"):
        yield case(
            f"denial by {authority} binds the whole record",
            own,
            directive("other", grant(), grant("deny"), authority=authority),
            contributions=both,
            expect="denied",
        )
    yield case(
        "denial by a parent binds that parent's contributions only",
        own,
        directive("other", grant(), grant("deny"), authority="parent"),
        contributions=both,
        expect=named,
    )
    about = directive("other", grant(), grant("deny"), authority="self", dataSubject="enquirer")
    yield case(
        "denial of an enquirer about themselves does not bind the record",
        own,
        about,
        contributions=both,
        expect=named,
    )
    person = directive("own", grant(), authority="self")
    guardian = directive("other", grant("deny"), authority="guardian")
    yield case("own permit of an adult prevails over a guardian's denial", person, guardian, expect=named)
    yield case(
        "own permit of a child does not prevail over a guardian's denial",
        person,
        guardian,
        ofAgeOn=CHILD,
        shows="CONS-016",
        expect="denied",
    )
    yield case(
        "own denial prevails over a court's permit",
        directive("own", grant(), authority="court"),
        directive("other", grant("deny"), authority="self"),
        expect="denied",
    )
    yield case(
        "own permit does not open what an enquirer contributed",
        directive("own", grant("deny")),
        directive("other", grant(), authority="self"),
        expect="denied",
    )
    yield case(
        "denial with territories binds a requester who does not state where",
        directive("own", grant(), grant("deny", territories=["LY"])),
        requester=requester(territories=[]),
        expect="denied",
    )
    yield case(
        "denial for another territory does not bind",
        directive("own", grant(), grant("deny", territories=["LY"])),
        expect=named,
    )


def exclusions() -> Iterator[Json]:
    """Yield the cases."""
    node = requester(parentMinistry="Ministry of the Interior", unit="Unit 7", mandates=["tracing", "border"])
    for entry, refused in (
        ({"nodeId": NODE}, True),
        ({"nodeId": NEIGHBOUR}, False),
        ({"recipientClass": "humanitarian"}, True),
        ({"recipientClass": "police"}, False),
        ({"parentMinistry": "ministry of  the interior"}, True),
        ({"parentMinistry": "Ministry of Health"}, False),
        ({"unit": "Unit 7"}, True),
        ({"mandate": "border"}, True),
        ({"mandate": "forensics"}, False),
    ):
        (member,) = entry
        words = "keeps data from" if refused else "does not keep data from"
        yield case(
            f"doNotShareWith {member} {entry[member]} {words} the requester",
            directive("own", grant(), doNotShareWith=[entry]),
            requester=node,
            expect="doNotShareWith" if refused else {OWN: ["names"]},
        )
    listed = directive("other", authority="self", doNotShareWith=[{"nodeId": NODE}])
    yield case(
        "the person's doNotShareWith binds the whole record",
        directive("own", grant()),
        listed,
        expect="doNotShareWith",
    )


def authorities_of_concern() -> Iterator[Json]:
    """Yield the cases."""
    consulate = requester("consular", nationalAuthorityOf="ER")
    permit = grant(recipientClasses=["consular"])
    asking = directive("person", permit, authority="self")
    own = directive("own", permit)
    named = {OWN: ["names"]}
    yield case(
        "consulate of a living person's country is denied",
        own,
        requester=consulate,
        expect="authorityOfConcern",
    )
    yield case(
        "consulate is permitted when the person asks for it", own, asking, requester=consulate, expect=named
    )
    gone = asking | {"withdrawals": [{"at": BEFORE}]}
    yield case(
        "consulate is denied when the person no longer asks",
        own,
        gone,
        requester=consulate,
        expect="authorityOfConcern",
    )
    yield case(
        "consulate of another country is not of concern",
        own,
        requester=requester("consular", nationalAuthorityOf="NO"),
        expect=named,
    )
    yield case(
        "consulate counts as of concern while the person's countries are unknown",
        own,
        requester=consulate,
        countries=[],
        expect="authorityOfConcern",
    )
    police = requester("police", nationalAuthorityOf="ER")
    for_police = directive("own", grant(recipientClasses=["police"]))
    yield case(
        "police of a living person's country is denied",
        for_police,
        requester=police,
        expect="authorityOfConcern",
    )
    yield case(
        "police of another country is not of concern",
        for_police,
        requester=requester("police", nationalAuthorityOf="NO"),
        expect=named,
    )
    yield case(
        "police of a country counts as of concern while the person's countries are unknown",
        for_police,
        requester=police,
        countries=[],
        expect="authorityOfConcern",
    )
    yield case(
        "police that is no authority of a country is not of concern",
        for_police,
        requester=requester("police"),
        countries=[],
        expect=named,
    )
    yield case(
        "police of the person's country is not asked for by class",
        for_police,
        directive("person", grant(recipientClasses=["police"]), authority="self"),
        requester=police,
        expect="authorityOfConcern",
    )
    yield case(
        "police of the person's country is asked for by identifier",
        for_police,
        directive("person", grant(recipientIds=[NODE]), authority="self"),
        requester=police,
        expect=named,
    )
    dead: Json = {"living": False, "purpose": "repatriation", "requester": consulate}
    home = directive(
        "own",
        grant(purposes=["repatriation"], releaseSets=["identity", "contact"], recipientClasses=["consular"]),
    )
    yield case("consulate may help to repatriate the dead", home, categories=["names"], expect=named, **dead)
    yield case(
        "contact of the enquirer stays closed to the consulate",
        home,
        categories=["contact"],
        expect="authorityOfConcern",
        **dead,
    )
