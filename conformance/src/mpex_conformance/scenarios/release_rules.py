"""How a release is decided beyond one yes or no: in time, in dialogue, by two persons, by policy."""

from datetime import datetime, timedelta
from typing import Any

from mpex_spec import codelist

from mpex_conformance import expect, samples, scenes, working_time
from mpex_conformance.lab import Lab
from mpex_conformance.outcomes import UntestableError
from mpex_conformance.registry import check
from mpex_conformance.scenes import Request
from mpex_conformance.wire.actor import Actor
from mpex_conformance.wire.exchange import Answer


def _status(lab: Lab, request: Request) -> Answer:
    return expect.status(lab.partner("one").call("getReleaseRequest", releaseRequestId=request.id), 200)


@check("rel-008", requirements=["REL-008"], needs=["partner.one"])
def due_in_working_time(lab: Lab) -> None:
    """A request is due after the published hours of the published working calendar."""
    calendar: dict[str, Any] = _office(lab).get("workingCalendar", {})
    expect.that(calendar, "the metadata publish no working calendar")
    status = _status(lab, scenes.requested(lab))
    made, due = (datetime.fromisoformat(str(status.at(name))) for name in ("requestedAt", "dueAt"))
    right = working_time.due(calendar, made, lab.limit("releaseDecisionHours"))
    expect.that(abs(due - right) <= timedelta(minutes=1), "the due time is not that of the calendar")


@check("rel-009", requirements=["REL-009"], needs=["partner.one", "partner.two"])
def questions_are_answered(lab: Lab) -> None:
    """A partner's reply to a question puts the request before the staff again, with the reply."""
    request = scenes.requested(lab)
    question, reply = (f"{samples.word()}?", samples.word())
    scenes.decide(lab, request, decision="needMore", question=question)
    asked = _status(lab, request)
    expect.that((asked.at("state"), asked.at("question")) == ("needMore", question), "the question is lost")
    body = {"reply": reply}
    foreign = lab.partner("two").call("replyToReleaseQuestion", body, releaseRequestId=request.id)
    expect.problem(foreign, 404, "notFound", why="request of another partner")
    answer = lab.partner("one").call("replyToReleaseQuestion", body, releaseRequestId=request.id)
    expect.that(expect.status(answer, 202).at("state") == "pending", "the request is not decided anew")
    case = expect.status(lab.staff("getReleaseCase", releaseRequestId=request.id), 200)
    replies = [entry.get("reply") for entry in case.json.get("dialogue", ())]
    expect.that(replies == [reply], "the staff does not see the reply")
    waiting = [task["subject"] for task in scenes.tasks(lab)]
    expect.that(request.id in waiting, "nobody is told that the request waits again")


@check("rel-010", requirements=["REL-010"], needs=["partner.one"])
def two_persons(lab: Lab) -> None:
    """What needs two persons is not released on the approval of one, however often it is given."""
    if "contact" not in _categories(_office(lab).get("fourEyes", {})):
        raise UntestableError("the target requires two persons for nothing that a check can make")
    officers = [actor for actor in lab.actors.values() if actor.may(scenes.PURPOSE, "releaseCases:decide")]
    if len(officers) < 2:
        raise UntestableError("the profile has no two persons who decide on releases")
    name = scenes.fictitious_name()
    grant = samples.grant([scenes.PURPOSE], categories=["contact"])
    basis = scenes.directive(lab, [grant])
    content = samples.sections(name, contact={"channel": "phone", "address": "+00 000"})
    record = lab.create("createPerson", samples.person([samples.contribution(content, basis)]))
    found = scenes.hit(lab, scenes.Known(name, record["recordId"], basis))
    ask = scenes.release_request(found, releaseSet=None, categories=["names", "contact"])
    asked = lab.partner("one").call("createReleaseRequest", ask)
    request = Request(found, str(expect.status(asked, 202).at("releaseRequestId")))
    expect.status(_approve(officers[0], request), 200)
    expect.problem(scenes.collect(lab, request), 404, why="one person has approved")
    _approve(officers[0], request)
    expect.problem(scenes.collect(lab, request), 404, why="the same person has approved twice")
    expect.status(_approve(officers[1], request), 200)
    given = expect.status(scenes.collect(lab, request), 200).at("disclosures")
    expect.that("contact" in given, "what two persons have approved is not released")


@check("rel-011", requirements=["REL-011"], needs=["partner.one"])
def policies_end_at_people(lab: Lab) -> None:
    """No policy releases anything of a person, and no published policy names a restricted category."""
    sensitivity = codelist("categories")
    for policy in _office(lab).get("automaticReleases", ()):
        grave = [name for name in _categories(policy) if sensitivity[name]["sensitivity"] == "restricted"]
        expect.that(not grave, f"a policy releases {', '.join(grave)} without a person")
    found = scenes.hit(lab)
    body = scenes.release_request(found, releaseSet="summary")
    asked = expect.status(lab.partner("one").call("createReleaseRequest", body), 202)
    expect.that(asked.at("state") == "pending", "something of a person is released and nobody has looked")
    request = Request(found, str(asked.at("releaseRequestId")))
    expect.problem(scenes.collect(lab, request), 404, why="nobody has decided")


@check("rel-012", requirements=["REL-012"], needs=["partner.one"])
def what_ceased_is_withdrawn(lab: Lab) -> None:
    """An approved request of which nothing may be released any more shows as withdrawn, without a reason."""
    request = scenes.requested(lab)
    scenes.decide(lab, request)
    expect.that(_status(lab, request).at("state") == "approved", "an approved request is not approved")
    record = request.hit.known.record
    read = expect.status(lab.staff("getPerson", recordId=record), 200)
    headers: dict[str, str | None] = {"If-Match": read.headers.get("etag", "")}
    body = read.json | {"status": "restricted"}
    expect.status(lab.staff("replacePerson", body, recordId=record, headers=headers), 200)
    expect.problem(scenes.collect(lab, request), 404, why="the record is restricted")
    gone = _status(lab, request)
    expect.that(gone.at("state") == "withdrawn", "the status tells that the record is hidden")
    expect.that("grantedCategories" not in gone.json, "the status tells what was approved")


def _asks_for_more(lab: Lab, **sections: Any) -> Request:
    """Let partner one ask for names and body of a record that tells what is given of the body, or nothing."""
    name = scenes.fictitious_name()
    basis = scenes.directive(lab, [samples.grant([scenes.PURPOSE], releaseSets=["searchDetail"])])
    content = samples.sections(name, **sections)
    record = lab.create("createPerson", samples.person([samples.contribution(content, basis)]))
    found = scenes.hit(lab, scenes.Known(name, record["recordId"], basis))
    ask = scenes.release_request(found, releaseSet=None, categories=["names", "physical"])
    asked = lab.partner("one").call("createReleaseRequest", ask)
    return Request(found, str(expect.status(asked, 202).at("releaseRequestId")))


_BODY_ALONE = {"decision": "approveReduced", "categories": ["physical"]}


@check("rel-016", requirements=["REL-016"], needs=["partner.one"])
def nothing_is_not_approved(lab: Lab) -> None:
    """Only a category that holds anything can be approved by itself; the case shows which do."""
    request = _asks_for_more(lab)
    answer = lab.staff("decideReleaseCase", _BODY_ALONE, releaseRequestId=request.id)
    expect.problem(answer, 409, "conflict", why="nothing is held in what is approved")
    case = expect.status(lab.staff("getReleaseCase", releaseRequestId=request.id), 200)
    expect.that("physical" in case.at("permittedCategories"), "what consent permits depends on what is held")
    expect.that(case.at("heldCategories") == ["names"], "the case shows other categories than hold anything")
    scenes.decide(lab, request)


@check("rel-017", requirements=["REL-017"], needs=["partner.one"])
def nothing_is_not_released(lab: Lab) -> None:
    """What was approved and is there no more is collected like what may not be released."""
    request = _asks_for_more(lab, physical={"heightCm": {"min": 164, "max": 168}})
    scenes.decide(lab, request, **_BODY_ALONE)
    expect.status(scenes.collect(lab, request), 200)
    record = request.hit.known.record
    read = expect.status(lab.staff("getPerson", recordId=record), 200)
    headers: dict[str, str | None] = {"If-Match": read.headers.get("etag", "")}
    body = read.json
    body["contributions"][0]["sections"].pop("physical")
    expect.status(lab.staff("replacePerson", body, recordId=record, headers=headers), 200)
    expect.problem(scenes.collect(lab, request), 404, "notFound", why="a release of nothing")
    expect.that(_status(lab, request).at("state") == "withdrawn", "the status tells that nothing is there")


@check("rel-013", requirements=["REL-013"], needs=["partner.one"])
def collected_anew(lab: Lab) -> None:
    """What is collected anew takes the place of what was collected before."""
    request = scenes.requested_at_mock(lab)
    first = scenes.fetched(lab, request)
    mock = lab.mock("one")
    read = expect.status(lab.staff("getReceivedRelease", receivedReleaseId=first), 200)
    expect.that("disclosures" in read.json, "what was collected cannot be read")
    mock.release = mock.made_release(str(read.at("caseReference")))
    second = scenes.fetched(lab, request)
    renewed = expect.status(lab.staff("getReceivedRelease", receivedReleaseId=second), 200)
    expect.that("disclosures" in renewed.json, "what was collected anew cannot be read")
    older = lab.staff("getReceivedRelease", receivedReleaseId=first)
    expect.that("disclosures" not in (older.json or {}), "two copies of one release are kept")


@check("rel-014", requirements=["REL-014"], needs=["partner.one"])
def deleted_in_time(lab: Lab) -> None:
    """Received data are gone when the sender's conditions say so, though the release is valid longer."""
    received = scenes.fetched(lab, scenes.requested_at_mock(lab, deleteBy=scenes.soon()))

    def gone() -> bool:
        read = expect.status(lab.staff("getReceivedRelease", receivedReleaseId=received), 200)
        return "disclosures" not in read.json

    scenes.gone_in_time(lab, gone, "what was collected")


@check("rel-015", requirements=["REL-015"], needs=["partner.one"])
def read_for_its_purpose(lab: Lab) -> None:
    """Received data are not shown for another purpose than the one that they were released for."""
    received = scenes.fetched(lab, scenes.requested_at_mock(lab))
    read = expect.status(lab.staff("getReceivedRelease", receivedReleaseId=received), 200)
    expect.that("disclosures" in read.json, "what was collected cannot be read")
    others = set(lab.metadata["purposes"]) - {scenes.PURPOSE}
    for purpose in sorted(others)[:2]:
        other = lab.staff("getReceivedRelease", purpose=purpose, receivedReleaseId=received)
        expect.that("disclosures" not in (other.json or {}), "data are shown for another purpose")


def _office(lab: Lab) -> dict[str, Any]:
    return dict(lab.metadata.get("office", {}))


def _categories(named: dict[str, Any]) -> set[str]:
    sets = codelist("releaseSets")
    expanded = (sets[name]["categories"].split() for name in named.get("releaseSets", ()))
    return {*named.get("categories", ()), *(category for each in expanded for category in each)}


def _approve(officer: Actor, request: Request) -> Answer:
    return officer.call("decideReleaseCase", {"decision": "approve"}, releaseRequestId=request.id)
