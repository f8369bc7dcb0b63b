"""Consent over a life: authorities that end, an enquirer who dies, and a child that grows up."""

from datetime import timedelta
from typing import Any

from mpex_conformance import clock, expect, samples, scenes
from mpex_conformance.lab import Lab
from mpex_conformance.registry import check

_LONG_AGO = timedelta(days=-10 * 366)
_PERMIT = [samples.grant([scenes.PURPOSE])]
_DENY: dict[str, Any] = {"effect": "deny", "purposes": [scenes.PURPOSE]}


def _given(authority: str, **members: Any) -> dict[str, Any]:
    return {"givenBy": {"authority": authority, **members}}


def _register(lab: Lab, basis: str, *directives: str, days_to_majority: int | None = None) -> scenes.Known:
    """Register a person under a directive, who comes of age so many days from now; by default long ago."""
    name = scenes.fictitious_name()
    content = samples.sections(name)
    if days_to_majority is not None:
        day = clock.utc().date() + timedelta(days=days_to_majority)
        # A year that both days exist in; age and date of birth then say the same to the day.
        born = day.replace(year=day.year - 18, day=min(day.day, 28))
        content["birth"] = {"date": born.isoformat()}
        content["summary"] = {"sex": "female"}
    body = samples.person([samples.contribution(content, basis)])
    record = lab.create("createPerson", body | ({"directives": list(directives)} if directives else {}))
    return scenes.Known(name, str(record["recordId"]), basis)


def _found(lab: Lab, known: scenes.Known) -> bool:
    """Search by name alone: the age is not always known, and nationality and language are everybody's."""
    content = {"names": samples.query(known.name)["names"]}
    answer = lab.partner("one").call("createSearch", samples.search(content, scenes.PURPOSE))
    return bool(expect.status(answer, 200).at("outcome") == "possibleHit")


@check("cons-009", requirements=["CONS-009"], needs=["partner.one"])
def authority_ends(lab: Lab) -> None:
    """An authority that has ended permits nothing any more, and what it denies stays denied."""
    past, future = (samples.instant(timedelta(minutes=minutes)) for minutes in (-5, 60))
    for until, expected in ((future, True), (past, False)):
        basis = scenes.directive(lab, _PERMIT, **_given("mandate", validUntil=until))
        expect.that(_found(lab, _register(lab, basis)) is expected, f"wrong with an authority until {until}")
    court = scenes.directive(lab, [_DENY], dataSubject="soughtPerson", **_given("court", validUntil=past))
    known = _register(lab, scenes.directive(lab, _PERMIT), court)
    expect.that(not _found(lab, known), "a denial ended with the authority that gave it")


@check("cons-010", requirements=["CONS-010"], needs=["partner.one"])
def scope_of_authority(lab: Lab) -> None:
    """A permit reaches no further than the scope of the authority that gave it."""
    for scope, expected in (
        ({"purposes": [scenes.PURPOSE]}, True),
        ({"purposes": ["repatriation"]}, False),
        ({"categories": ["photo"]}, False),
    ):
        basis = scenes.directive(lab, _PERMIT, **_given("mandate", scope=scope))
        expect.that(_found(lab, _register(lab, basis)) is expected, f"wrong with the scope {scope}")


@check("cons-011", requirements=["CONS-011"], needs=["partner.one"])
def territories(lab: Lab) -> None:
    """A permit for some territories opens nothing to who accesses data elsewhere, or does not say where."""
    stated = lab.entry("one").get("territories", [])
    cases = [(["XZ"], False)]
    if stated:
        cases += [(stated, True), (stated[1:] or ["XZ"], False)]
    for named, expected in cases:
        basis = scenes.directive(lab, [samples.grant([scenes.PURPOSE], territories=named)])
        expect.that(_found(lab, _register(lab, basis)) is expected, f"wrong with the territories {named}")


def _frozen(lab: Lab, *grants: dict[str, Any]) -> scenes.Known:
    known = _register(lab, scenes.directive(lab, [*_PERMIT, *grants]))
    if not grants:
        expect.that(_found(lab, known), "control: a permitted record is not found")
    expect.status(lab.staff("freezeDirective", {}, directiveId=known.directive), 201)
    return known


def _succeed(lab: Lab, known: scenes.Known, successor: str) -> None:
    body = {"directive": successor}
    expect.status(lab.staff("recordSuccessor", body, directiveId=known.directive), 201)


@check("cons-012", requirements=["CONS-012"], needs=["partner.one"])
def frozen(lab: Lab) -> None:
    """What somebody permitted who has died since permits nothing."""
    known = _frozen(lab)
    expect.that(not _found(lab, known), "the permit of somebody who died is still used")
    shown = expect.status(lab.staff("getDirective", directiveId=known.directive), 200)
    expect.that("frozenAt" in shown.json, "the directive does not say that it is frozen")


@check("cons-013", requirements=["CONS-013"], needs=["partner.one"])
def succession(lab: Lab) -> None:
    """A successor permits in the place of the dead, who still deny."""
    known, silenced = _frozen(lab), _frozen(lab, _DENY)
    for each in (known, silenced):
        _succeed(lab, each, scenes.directive(lab, _PERMIT))
    expect.that(_found(lab, known), "the permit of the successor is not used")
    expect.that(not _found(lab, silenced), "a successor lifted what the dead had denied")
    denied = _frozen(lab)
    _succeed(lab, denied, scenes.directive(lab, [*_PERMIT, _DENY]))
    expect.that(not _found(lab, denied), "the denial of the successor does not count")


@check("cons-014", requirements=["CONS-014"])
def no_other_succession(lab: Lab) -> None:
    """A directive that is not frozen has no successor, and a frozen one has only one."""
    alive, heir = scenes.directive(lab, _PERMIT), scenes.directive(lab, _PERMIT)
    refused = lab.staff("recordSuccessor", {"directive": heir}, directiveId=alive)
    expect.problem(refused, 409, why="nobody died")
    expect.status(lab.staff("freezeDirective", {}, directiveId=alive), 201)
    expect.status(lab.staff("recordSuccessor", {"directive": heir}, directiveId=alive), 201)
    other = scenes.directive(lab, _PERMIT)
    refused = lab.staff("recordSuccessor", {"directive": other}, directiveId=alive)
    expect.problem(refused, 409, why="there is a successor")


def _waits(lab: Lab, subject: str, kind: str) -> bool:
    return any(task["subject"] == subject and task["kind"] == kind for task in scenes.tasks(lab))


@check("cons-015", requirements=["CONS-015"], needs=["partner.one"])
def successor_is_sought(lab: Lab) -> None:
    """A task waits for the staff from the death of an enquirer until there is a successor."""
    known = _frozen(lab)
    expect.that(_waits(lab, known.directive, "successor"), "no task asks for a successor")
    _succeed(lab, known, scenes.directive(lab, _PERMIT))
    expect.that(not _waits(lab, known.directive, "successor"), "the task stays open after the succession")


@check("cons-020", requirements=["CONS-020"], needs=["partner.one"])
def one_death_freezes_all(lab: Lab) -> None:
    """With the death of an enquirer, all that they permitted is frozen, and a court's word is not."""
    known, other = (_register(lab, scenes.directive(lab, _PERMIT)) for _ in range(2))
    court = scenes.directive(lab, [], "court", dataSubject="soughtPerson")
    laid_down = [known.directive, other.directive, court]
    request = lab.create("createSearchRequest", samples.search_request(known.record, directives=laid_down))
    expect.status(lab.staff("recordEnquirerDeath", {}, requestId=request["requestId"]), 201)
    for each in (known, other):
        expect.that(not _found(lab, each), "a permit of somebody who died is still used")
    shown = expect.status(lab.staff("getDirective", directiveId=court), 200)
    expect.that("frozenAt" not in shown.json, "the word of a court ended with an enquirer")


@check("cons-016", requirements=["CONS-016"], needs=["partner.one"])
def children_are_protected(lab: Lab) -> None:
    """A guardian's denial wins over a child's own permit, and an adult's own permit over that."""
    for days, expected in ((400, False), (None, True)):
        own = scenes.directive(lab, _PERMIT, "self")
        guardian = scenes.directive(lab, [_DENY], "guardian")
        known = _register(lab, own, guardian, days_to_majority=days)
        expect.that(_found(lab, known) is expected, f"wrong {days} days before the majority")


@check("cons-017", requirements=["CONS-017"], needs=["partner.one"])
def childhood_ends(lab: Lab) -> None:
    """What was permitted for a child ends with its majority."""
    for authority in ("parent", "guardian", "childProtection"):
        for days, expected in ((400, True), (-400, False)):
            given = samples.instant(_LONG_AGO)
            basis = scenes.directive(lab, _PERMIT, authority, givenAt=given)
            known = _register(lab, basis, days_to_majority=days)
            expect.that(_found(lab, known) is expected, f"wrong {days} days from the majority: {authority}")


@check("cons-018", requirements=["CONS-018"], needs=["partner.one"])
def the_grown_take_over(lab: Lab) -> None:
    """Grown up, the person permits what others permitted for the child."""
    for grants, expected in ((_PERMIT, True), ([], False)):
        basis = scenes.directive(lab, _PERMIT, "parent", givenAt=samples.instant(_LONG_AGO))
        own = scenes.directive(lab, grants, "self")
        known = _register(lab, basis, own, days_to_majority=-400)
        expect.that(_found(lab, known) is expected, "the person's own directive does not decide")


@check("cons-019", requirements=["CONS-019"])
def majority_is_prepared(lab: Lab) -> None:
    """A review is asked for before a child comes of age, and not years before."""
    for days, expected in ((60, True), (200, False)):
        basis = scenes.directive(lab, _PERMIT, "parent", givenAt=samples.instant(_LONG_AGO))
        known = _register(lab, basis, days_to_majority=days)
        waits = _waits(lab, known.record, "majorityReview")
        expect.that(waits is expected, f"wrong {days} days before the majority")


def _review(days: int) -> dict[str, str]:
    return {"reviewDue": samples.instant(timedelta(days=days))[:10]}


@check("cons-021", requirements=["CONS-021"], needs=["partner.one"])
def reviews_change_nothing(lab: Lab) -> None:
    """Years after the date of review, a permit is a permit and a denial a denial."""
    missed = _review(-800)
    known = _register(lab, scenes.directive(lab, _PERMIT, **missed))
    expect.that(_found(lab, known), "a permit ended because nobody asked again")
    court = scenes.directive(lab, [_DENY], dataSubject="soughtPerson", **_given("court"), **missed)
    denied = _register(lab, scenes.directive(lab, _PERMIT), court)
    expect.that(not _found(lab, denied), "a denial ended because nobody asked again")


@check("cons-022", requirements=["CONS-022"])
def directives_are_reviewed(lab: Lab) -> None:
    """A review that is near or missed is a task until it was made, and none once nothing is left to ask."""
    near, missed = (scenes.directive(lab, _PERMIT, **_review(days)) for days in (10, -10))
    far, ended = (scenes.directive(lab, _PERMIT, **_review(days)) for days in (365, 10))
    waiting = [_waits(lab, each, "consentReview") for each in (near, missed, far, ended)]
    expect.that(waiting == [True, True, False, True], "the tasks are for other directives")
    asked = {**_review(400), "reason": "She says yes."}
    expect.status(lab.staff("reviewDirective", asked, directiveId=missed), 201)
    scenes.withdraw(lab, ended)
    for done, why in ((missed, "reviewed"), (ended, "withdrawn")):
        expect.that(not _waits(lab, done, "consentReview"), f"a task is left of a directive that was {why}")


@check("cons-023", requirements=["CONS-023"])
def reviews_are_put_off_with_reason(lab: Lab) -> None:
    """A review is put off to a day to come and with a reason, and not otherwise."""
    directive, reason = scenes.directive(lab, _PERMIT, **_review(10)), {"reason": "She says yes."}
    expect.problem(lab.staff("reviewDirective", _review(400), directiveId=directive, wrong=True), 422)
    for asked, status in ((_review(-1) | reason, 422), (_review(400) | reason, 201)):
        expect.status(lab.staff("reviewDirective", asked, directiveId=directive), status)
    shown = expect.status(lab.staff("getDirective", directiveId=directive), 200)
    expect.that(shown.at("reviewDue") == _review(400)["reviewDue"], "the review is due at another time")
