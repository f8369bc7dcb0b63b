"""Cases of the consent vectors on lives that go on: the death of an enquirer, and a child that grows up."""

from __future__ import annotations

from collections.abc import Iterator

from tools.generators._consent_scenes import (
    AFTER,
    BEFORE,
    CHILD,
    GROWN,
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

_NAMED = {OWN: ["names"]}
_TODAY, _TOMORROW = "2026-11-21", "2026-11-22"
_LONG_AGO = "2020-05-04T08:00:00Z"


def deaths() -> Iterator[Json]:
    """Yield the cases of frozen directives and their successors."""
    for when, at, expect in (
        ("the day before", BEFORE, "frozen"),
        ("this second", NOW, "frozen"),
        ("later", AFTER, _NAMED),
    ):
        yield case(f"enquirer died {when}", directive("own", grant(), frozenAt=at), expect=expect)
    yield case(
        "denial of the dead stays", directive("own", grant(), grant("deny"), frozenAt=BEFORE), expect="denied"
    )
    yield case(
        "exclusion by the dead stays",
        directive("own", grant(), doNotShareWith=[{"nodeId": NODE}], frozenAt=BEFORE),
        expect="doNotShareWith",
    )
    yield case(
        "withdrawal before the death is told before the death",
        directive("own", grant(), withdrawals=[{"at": BEFORE}], frozenAt=BEFORE),
        expect="withdrawn",
    )
    yield from _successions()
    both = {OWN: ident("directive", "own"), OTHER: ident("directive", "other")}
    yield case(
        "death of another enquirer leaves what this one contributed",
        directive("own", grant()),
        directive("other", grant(), frozenAt=BEFORE),
        contributions=both,
        expect=_NAMED,
    )


def _successions() -> Iterator[Json]:
    heir = ident("directive", "heir")
    frozen = {"frozenAt": BEFORE, "succeededBy": heir}
    dead = directive("own", grant(), **frozen)
    heirs: dict[str, tuple[Json, Json | str]] = {
        "permits": (directive("heir", grant()), _NAMED),
        "permits nothing": (directive("heir"), "noPermit"),
        "permits less": (directive("heir", grant(releaseSets=[], categories=["birth"])), "noPermit"),
        "denies": (directive("heir", grant(), grant("deny")), "denied"),
        "withdrew": (directive("heir", grant(), withdrawals=[{"at": BEFORE}]), "withdrawn"),
        "lapsed": (directive("heir", grant(), validUntil=BEFORE), "lapsed"),
        "died": (directive("heir", grant(), frozenAt=BEFORE), "frozen"),
    }
    for what, (successor, expect) in heirs.items():
        yield case(f"successor {what}", dead, successor, expect=expect, shows="CONS-013")
    yield case("successor that is not given", dead, expect="frozen", shows="CONS-013")
    yield case(
        "successor does not lift what the dead denied",
        directive("own", grant(), grant("deny"), **frozen),
        directive("heir", grant()),
        expect="denied",
        shows="CONS-013",
    )
    yield case(
        "successor does not open what the dead withdrew",
        directive("own", grant(), withdrawals=[{"at": BEFORE}], **frozen),
        directive("heir", grant()),
        expect="withdrawn",
        shows="CONS-013",
    )
    yield case(
        "successor of higher rank prevails over what the dead denied",
        directive("own", grant("deny"), **frozen),
        directive("heir", grant(), authority="court"),
        expect=_NAMED,
        shows="CONS-013",
    )
    yield case(
        "successor may permit what the dead did not",
        directive("own", **frozen),
        directive("heir", grant()),
        expect=_NAMED,
        shows="CONS-013",
    )
    yield case(
        "successor counts for nothing while nobody died",
        directive("own", succeededBy=heir),
        directive("heir", grant()),
        expect="noPermit",
        shows="CONS-013",
    )
    yield case(
        "successor of a successor",
        dead,
        directive(
            "heir",
            grant("deny", categories=["birth"]),
            frozenAt=BEFORE,
            succeededBy=ident("directive", "last"),
        ),
        directive("last", grant()),
        categories=["birth", "names"],
        expect=_NAMED,
        shows="CONS-013",
    )
    yield case(
        "successors in a circle permit nothing",
        dead,
        directive("heir", grant(), frozenAt=BEFORE, succeededBy=ident("directive", "own")),
        expect="frozen",
        shows="CONS-013",
    )


def majority() -> Iterator[Json]:
    """Yield the cases of permits that were given for a child."""
    for authority in ("parent", "guardian", "childProtection", "court", "mandate", "enquirer", "self"):
        given = directive("own", grant(), authority=authority, givenAt=_LONG_AGO)
        ends = authority in {"parent", "guardian", "childProtection"}
        for day, of_age_on, gone in (
            ("yesterday", "2026-11-20", ends),
            ("today", _TODAY, ends),
            ("tomorrow", _TOMORROW, False),
            ("on a day unknown", None, False),
        ):
            yield case(
                f"child came of age {day}; permit by {authority}",
                given,
                ofAgeOn=of_age_on,
                expect="cameOfAge" if gone else _NAMED,
            )
        yield case(
            f"child died and would be of age by now; permit by {authority}",
            given,
            living=False,
            ofAgeOn=_TODAY,
            expect=_NAMED,
        )
    for authority in ("parent", "guardian", "childProtection"):
        yield case(
            f"permit by {authority} from after the majority",
            directive("own", grant(), authority=authority),
            ofAgeOn=GROWN,
            expect=_NAMED,
        )
        for subject in ("enquirer", "mentioned"):
            yield case(
                f"permit by {authority} for {subject} does not end with the person's majority",
                directive("own", grant(), authority=authority, dataSubject=subject, givenAt=_LONG_AGO),
                ofAgeOn=_TODAY,
                expect=_NAMED,
            )
    yield case(
        "denial that a guardian gave for the child stays",
        directive("own", grant()),
        directive("other", grant("deny"), authority="guardian", givenAt=_LONG_AGO),
        ofAgeOn=_TODAY,
        expect="denied",
    )
    yield case(
        "permit for a child ends with the childhood",
        directive("own", grant(), authority="parent"),
        ofAgeOn=_TOMORROW,
        expect=_NAMED,
        duties={"deleteBy": "2026-11-22T00:00:00Z"},
    )


def takeover() -> Iterator[Json]:
    """Yield the cases of those who speak after the child is grown."""
    parent = directive("own", grant(), authority="parent", givenAt=_LONG_AGO)
    since = {"givenAt": BEFORE}
    speakers: dict[str, tuple[Json, Json | str]] = {
        "the person": (directive("other", grant(), authority="self"), _NAMED),
        "the person, when a child": (
            directive("other", grant(), authority="self", givenAt=_LONG_AGO),
            _NAMED,
        ),
        "the person, about somebody else": (
            directive("other", grant(), authority="self", dataSubject="enquirer"),
            "cameOfAge",
        ),
        "the person, who permits nothing": (directive("other", authority="self"), "cameOfAge"),
        "the person, who denies": (directive("other", grant(), grant("deny"), authority="self"), "denied"),
        "the person, who withdrew": (
            directive("other", grant(), authority="self", withdrawals=[{"at": BEFORE}]),
            "cameOfAge",
        ),
        "a guardian since": (directive("other", grant(), authority="guardian", **since), _NAMED),
        "a guardian before": (
            directive("other", grant(), authority="guardian", givenAt=_LONG_AGO),
            "cameOfAge",
        ),
        "a court since": (directive("other", grant(), authority="court", **since), _NAMED),
        "a court before": (directive("other", grant(), authority="court", givenAt=_LONG_AGO), "cameOfAge"),
        "a child protection authority since": (
            directive("other", grant(), authority="childProtection", **since),
            "cameOfAge",
        ),
        "a parent since": (directive("other", grant(), authority="parent", **since), "cameOfAge"),
        "another enquirer": (directive("other", grant()), "cameOfAge"),
    }
    for who, (speaker, expect) in speakers.items():
        yield case(f"grown child: {who} speaks", parent, speaker, ofAgeOn="2026-11-20", expect=expect)
    person = directive("other", grant(), authority="self")
    yield case(
        "grown child: the person's permit prevails over the former guardian's denial",
        directive("own", grant(), grant("deny"), authority="guardian", givenAt=_LONG_AGO),
        person,
        ofAgeOn=_TODAY,
        expect=_NAMED,
    )
    yield case(
        "grown child: what the parent withdrew stays closed",
        parent | {"withdrawals": [{"at": BEFORE}]},
        person,
        ofAgeOn=_TODAY,
        expect="withdrawn",
    )
    yield case(
        "grown child: the person takes over from a parent who died",
        parent | {"frozenAt": BEFORE},
        person,
        ofAgeOn=_TODAY,
        expect=_NAMED,
    )
    yield case(
        "of several who speak, one whose permit nobody outranks suffices",
        parent,
        person,
        directive("guardian", grant(), authority="guardian", **since),
        directive("court", grant("deny"), authority="court"),
        ofAgeOn="2026-11-20",
        expect=_NAMED,
    )
    yield case(
        "a child does not take over before its day",
        directive("own", authority="parent", givenAt=_LONG_AGO),
        person,
        ofAgeOn=CHILD,
        expect="noPermit",
    )
    yield case(
        "a child's consulate is asked for by the child alone",
        directive("own", grant(recipientClasses=["consular"]), authority="guardian"),
        requester=requester("consular", nationalAuthorityOf="ER"),
        ofAgeOn=CHILD,
        expect="authorityOfConcern",
        shows="CONS-008",
    )
