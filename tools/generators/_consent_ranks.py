"""Cases of the consent vectors on rank: whose permit and whose denial prevails, of adults and of children."""

from __future__ import annotations

from collections.abc import Iterator

from tools.generators._consent_scenes import AGELESS, CHILD, GROWN, OWN, Json, case, directive, grant

# Written out here, and not read from the codelist, so that the cases notice a change of the list.
_HIGHEST_FIRST = (
    ("self",),
    ("court",),
    ("childProtection",),
    ("guardian",),
    ("parent",),
    ("mandate", "institution"),
    ("enquirer",),
)
_BINDING = ("self", "court", "childProtection", "guardian")


def ranks() -> Iterator[Json]:
    """Yield the cases of an adult: each authority that permits against each that denies."""
    yield from _against("an adult", GROWN)
    for authority in _all():
        yield case(
            f"denial by {authority} wins over the permit of the same directive",
            directive("own", grant(), grant("deny"), authority=authority),
            expect="denied",
        )
    for subject in ("enquirer", "donor", "mentioned", "incident"):
        for authority in _BINDING:
            yield case(
                f"denial by {authority} for {subject} does not bind the record",
                directive("own", grant()),
                directive("other", grant("deny"), authority=authority, dataSubject=subject),
                expect={OWN: ["names"]},
            )
        yield case(
            f"permit by self for {subject} ranks as an enquirer's",
            directive("own", grant(), authority="self", dataSubject=subject),
            directive("other", grant("deny"), authority="guardian"),
            expect="denied",
        )


def children() -> Iterator[Json]:
    """Yield the cases of a child and of somebody whose age nobody knows."""
    yield from _against("a child", CHILD)
    yield from _against("somebody of unknown age", AGELESS)


def _against(whom: str, of_age_on: str | None) -> Iterator[Json]:
    for permitting in _all():
        for denying in _BINDING:
            prevails = _rank(permitting, of_age_on) > _rank(denying, GROWN)
            yield case(
                f"of {whom}: permit by {permitting} "
                f"{'prevails over' if prevails else 'yields to'} denial by {denying}",
                directive("own", grant(), authority=permitting),
                directive("other", grant("deny"), authority=denying),
                ofAgeOn=of_age_on,
                expect={OWN: ["names"]} if prevails else "denied",
            )


def _all() -> list[str]:
    return [authority for level in _HIGHEST_FIRST for authority in level]


def _rank(authority: str, of_age_on: str | None) -> int:
    """Return the rank; a child's own permit counts as a guardian's."""
    counted = "guardian" if authority == "self" and of_age_on != GROWN else authority
    (place,) = [place for place, level in enumerate(_HIGHEST_FIRST) if counted in level]
    return -place
