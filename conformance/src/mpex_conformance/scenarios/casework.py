"""Casework: pairs decided, deaths embargoed, families informed, the living in control of their news."""

import time
from datetime import timedelta
from functools import partial
from typing import Any

from mpex_conformance import expect, samples, scenes
from mpex_conformance.lab import Lab
from mpex_conformance.partner.node import Event
from mpex_conformance.registry import check
from mpex_conformance.wire.exchange import Answer

_QUIET_SECONDS = 1.5
_TWO_WORKING_DAYS = timedelta(days=2 + 4)
"""With a week-end and feasts between."""


def _search_request(lab: Lab, known: scenes.Known) -> str:
    body = samples.search_request(known.record, directives=[known.directive])
    return str(lab.create("createSearchRequest", body)["requestId"])


@check("case-001", requirements=["CASE-001"])
def decided_pairs(lab: Lab) -> None:
    """A pair decided as notSame stays so and is not offered again."""
    first = scenes.known(lab)
    second = scenes.known(lab, name=first.name)
    expect.that(
        second.record in _offered(lab, first), "control: staff are not offered the pair before the decision"
    )
    match = {
        "subjects": [{"record": first.record}, {"record": second.record}],
        "decision": "notSame",
        "evidence": [{"category": "physical", "agreement": "contradicts"}],
    }
    created = lab.create("createMatch", match)
    read = expect.status(lab.staff("getMatch", matchId=created["matchId"]), 200)
    expect.that(read.at("decision") == "notSame", "the decision was not kept")
    expect.that(second.record not in _offered(lab, first), "the decided pair is offered again")
    expect.that(
        first.record not in _offered(lab, second), "the decided pair is offered again from its other side"
    )


def _offered(lab: Lab, known: scenes.Known) -> list[str]:
    answer = scenes.staff_hits(lab, known.name, record=known.record)
    return [hit["record"] for hit in answer.at("hits") if "record" in hit]


def _identified(lab: Lab, known: scenes.Known, **members: Any) -> Answer:
    body = {
        "persons": [known.record],
        "methods": ["dna"],
        "evidence": ["laboratory report"],
        "competentAuthority": f"Fictia Institute {samples.word()}",
        "state": "confirmed",
        "conclusion": "deceased",
        "decidedAt": samples.instant(),
    }
    return lab.staff("createIdentification", body | members, also=scenes.ASSERTS_DEATH)


def _notified(lab: Lab, identification: str, **members: Any) -> Answer:
    body = {
        "at": samples.instant(),
        "notifier": "trained delegate",
        "personTold": "sibling",
        "language": "fr",
        "inPerson": True,
    }
    wrong = bool(members)
    return lab.staff("recordNotification", body | members, identificationId=identification, wrong=wrong)


def _fate(lab: Lab, known: scenes.Known) -> Any:
    return expect.status(lab.staff("getPerson", recordId=known.record), 200).json.get("fate")


@check("case-002", requirements=["CASE-002"], needs=["partner.one"])
def embargo(lab: Lab) -> None:
    """Before a notification, no record, report, search or release differs by an identified death."""
    known = scenes.known(lab)
    request = _search_request(lab, known)
    expect.that(scenes.finds(lab, known.name), "control: a permitted record is not found")
    before = lab.staff("getPerson", recordId=known.record)
    created = expect.status(_identified(lab, known), 201)
    expect.that(created.at("embargoed") is True, "an identification of a death is not embargoed")
    after = expect.status(lab.staff("getPerson", recordId=known.record), 200)
    expect.that(after.json == before.json, "the record tells of a death by what changed in it")
    expect.that(after.headers.get("etag") == before.headers.get("etag"), "the tag of the record changed")
    search = scenes.search(lab, known.name, release_set="searchDetail")
    expect.that(search.at("outcome") == "possibleHit", "a record that vanishes tells of a death")
    identifier = str(created.at("identificationId"))
    told = ["deceased", "identified", identifier, created.at("competentAuthority")]
    answers = [search, expect.status(lab.staff("getAccessReport", requestId=request), 200)]
    answers.append(scenes.released(lab, scenes.hit(lab, known))[1])
    for answer in answers:
        expect.absent(answer, told, "an identification of a death before the family was told")
    expect.that(
        expect.status(_notified(lab, identifier), 201).at("embargoed") is False,
        "the notification did not lift the embargo",
    )


@check("case-026", requirements=["CASE-026"])
def sight_is_not_enough(lab: Lab) -> None:
    """Nobody is identified because somebody recognised them, whatever the state of the decision."""
    known = scenes.known(lab)
    for state in ("preliminary", "confirmed"):
        refused = _identified(lab, known, methods=["visual"], state=state)
        expect.problem(refused, 422, "ruleViolation", why="visual recognition alone")
    expect.status(_identified(lab, known, methods=["visual", "dental"]), 201)


@check("case-003", requirements=["CASE-003"], needs=["partner.one", "partner.two"])
def access_report(lab: Lab) -> None:
    """The report names every recipient, when, for what and which categories."""
    known = scenes.known(lab)
    request = _search_request(lab, known)
    given: dict[str, set[str]] = {}
    for partner in ("one", "two"):
        _, release = scenes.released(lab, scenes.hit(lab, known, partner=partner))
        given[str(lab.entry(partner)["name"])] = set(release.at("disclosures"))
    report = expect.status(lab.staff("getAccessReport", requestId=request), 200)
    entries: list[dict[str, Any]] = [entry for entry in report.at("entries") if entry["kind"] == "release"]
    for name, categories in given.items():
        own = [entry for entry in entries if entry.get("recipient") == name]
        expect.that(own, "the report does not name a recipient")
        expect.that(own[0]["purpose"] == scenes.PURPOSE, "the report has another purpose")
        expect.that(
            set(own[0]["categories"]) == categories, "the report has other categories than were released"
        )
    expect.that(len(entries) == len(given), "the report has not one entry for each release")


@check("case-004", requirements=["CASE-004"], needs=["partner.one", "mock"])
def the_person_decides(lab: Lab) -> None:
    """The asker hears what the located person's choice allows: nothing, that they live, or their message."""
    mock = lab.mock("one")
    seen = len(mock.events)
    message = f"conformance-message-{samples.word()}"
    searches = {}
    for choice in ("nothing", "aliveOnly", "messageOnly"):
        living, search, task = scenes.silent_hit(lab)
        body = {"mayTell": choice, "decidedBy": "person", "task": task}
        if choice != "nothing":
            body["message"] = message
        answer = lab.staff("recordPersonChoice", body, recordId=living.record)
        expect.status(answer, 201)
        searches[choice] = search

    def news(choice: str) -> Event | None:
        every = [event for event in mock.events[seen:] if event.of("news")]
        return next(
            (event for event in every if (event.of("news") or {}).get("searchId") == searches[choice]), None
        )

    for choice in ("aliveOnly", "messageOnly"):
        event = expect.eventually(
            partial(news, choice), within=lab.config.event_seconds, what=f"news for {choice}"
        )
        told = event.of("news") or {}
        expect.that(told.get("choice") == choice, "the news tell another choice")
        expect.that(
            ("message" in told) is (choice == "messageOnly"), f"the news for {choice} tell more or less"
        )
    time.sleep(_QUIET_SECONDS)
    expect.that(news("nothing") is None, "the asker hears of somebody who wishes nothing to be told")


@check("case-005", requirements=["CASE-005"])
def right_to_assert(lab: Lab) -> None:
    """Without the right nobody is identified or written down as dead, or as alive again."""
    known = scenes.known(lab)
    body = {"conclusion": "alive", "state": "preliminary"}
    expect.status(_identified(lab, known, **body), 201, why="control: somebody identified alive")
    decided = expect.status(_identified(lab, scenes.known(lab)), 201).json
    for refused in (
        lab.staff("createIdentification", _without(decided, "identificationId")),
        _changed(lab, decided, also=(), state="revoked"),
        _recorded(lab, known, {"value": "deceased", "certaintyState": "confirmed", "assertedBy": "Fictia"}),
    ):
        expect.problem(refused, 403, "actionNotAllowed", why="a death without the right to assert it")
    told = scenes.known(lab)
    expect.status(_notified(lab, expect.status(_identified(lab, told), 201).at("identificationId")), 201)
    alive = {"value": "alive", "certaintyState": "confirmed", "assertedBy": "Fictia"}
    expect.problem(_recorded(lab, told, alive), 403, "actionNotAllowed", why="taking a death back")


def _without(document: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in document.items() if name not in names}


def _changed(
    lab: Lab, decided: dict[str, Any], also: tuple[str, ...] = scenes.ASSERTS_DEATH, **members: Any
) -> Answer:
    name = str(decided["identificationId"])
    officer = lab.staff_for("identifications:write")
    read = officer.call("getIdentification", identificationId=name)
    return officer.call(
        "replaceIdentification",
        decided | members,
        headers={"If-Match": read.headers.get("etag", "")},
        also=also,
        identificationId=name,
    )


def _recorded(lab: Lab, known: scenes.Known, fate: dict[str, Any]) -> Answer:
    read = expect.status(lab.staff("getPerson", recordId=known.record), 200)
    tag = {"If-Match": read.headers.get("etag", "")}
    return lab.staff("replacePerson", read.json | {"fate": fate}, recordId=known.record, headers=tag)


@check("case-006", requirements=["CASE-006"])
def fate_told(lab: Lab) -> None:
    """When the family was told, the record says the fate, its state, its method and who asserts it."""
    known = scenes.known(lab)
    decided = expect.status(_identified(lab, known), 201)
    expect.that(_fate(lab, known) is None, "control: the fate stands in the record before it was told")
    expect.status(_notified(lab, decided.at("identificationId")), 201)
    fate = _fate(lab, known) or {}
    expect.that(fate.get("value") == "deceased", "the record does not say the fate that was told")
    expect.that(fate.get("certaintyState") == "confirmed", "the fate has another state than the decision")
    expect.that("dna" in fate.get("method", ""), "the fate does not say the method")
    expect.that(fate.get("assertedBy") == decided.at("competentAuthority"), "the fate names nobody")


@check("case-007", requirements=["CASE-007"])
def reopened(lab: Lab) -> None:
    """A revoked identification leaves the record open, with no death in it."""
    known = scenes.known(lab)
    decided = expect.status(_identified(lab, known), 201).json
    expect.status(_notified(lab, decided["identificationId"]), 201)
    expect.status(_changed(lab, decided, state="revoked"), 200)
    read = expect.status(lab.staff("getPerson", recordId=known.record), 200)
    expect.that(read.at("status") == "open", "the record stays closed")
    fate = (_fate(lab, known) or {}).get("value", "unknown")
    expect.that(fate == "unknown", "the record still says a fate that was taken back")


@check("case-008", requirements=["CASE-008"])
def lifted(lab: Lab) -> None:
    """An embargo ends by an officer with a name and a reason, and not without."""
    ids = {"identificationId": expect.status(_identified(lab, scenes.known(lab)), 201).at("identificationId")}
    whole = {"officer": "Fictia Examplová, head of the service", "reason": "Nobody is left to be told."}
    for name in whole:
        expect.problem(lab.staff("liftEmbargo", _without(whole, name), wrong=True, **ids), 422)
    answer = expect.status(lab.staff("liftEmbargo", whole, **ids), 201)
    expect.that(answer.at("embargoed") is False, "the embargo was not lifted")
    expect.that(answer.at("lift")["officer"] == whole["officer"], "the officer is not kept")


@check("case-009", requirements=["CASE-009"])
def told_in_person(lab: Lab) -> None:
    """A family is told in person, unless it wished otherwise."""
    identifier = str(expect.status(_identified(lab, scenes.known(lab)), 201).at("identificationId"))
    expect.problem(_notified(lab, identifier, inPerson=False), 422, why="told from afar")
    expect.status(_notified(lab, identifier, inPerson=False, refusedInPerson=True), 201)


@check("case-010", requirements=["CASE-010"])
def changes_listed(lab: Lab) -> None:
    """Each change of a record is listed with its version, the reason given for it, who made it and when."""
    known = scenes.known(lab)
    read = expect.status(lab.staff("getPerson", recordId=known.record), 200)
    tag = {"If-Match": read.headers.get("etag", "")}
    changed = read.json | {"changeCode": "correction", "changeReason": "The year was misread."}
    expect.status(lab.staff("replacePerson", changed, recordId=known.record, headers=tag), 200)
    items = expect.status(lab.staff("listPersonChanges", recordId=known.record), 200).at("items")
    expect.that([item["version"] for item in items] == [2], "the list has not one entry for each change")
    expect.that(items[0]["reason"] == "correction", "the reason is not the one that was given")


def _in_days(days: int) -> str:
    return samples.instant(timedelta(days=days))[:10]


def _reviewed(lab: Lab, days: int) -> tuple[str, dict[str, Any]]:
    """Register a record that is to be reviewed in so many days; return its identifier and its body."""
    body = samples.person([samples.contribution(samples.sections(scenes.fictitious_name()))])
    body["reviewDue"] = _in_days(days)
    return str(lab.create("createPerson", body)["recordId"]), body


@check("case-011", requirements=["CASE-011"])
def review_warned(lab: Lab) -> None:
    """A review that is due in ten days is a task, one that is due in a year is none yet."""
    near, far = (_reviewed(lab, days)[0] for days in (10, 365))
    request = _request_reviewed(lab)["requestId"]
    found = expect.status(lab.staff("listTasks", query={"kind": "review", "limit": "100"}), 200).at("items")
    subjects = [task["subject"] for task in found]
    expect.that(near in subjects, "nobody is warned of a review")
    expect.that(request in subjects, "nobody is warned of the review of a search request")
    expect.that(far not in subjects, "a review is a task a year before it is due")


@check("case-013", requirements=["CASE-013"])
def review_put_off(lab: Lab) -> None:
    """A review is put off with a reason, and not without."""
    record, body = _reviewed(lab, 10)
    later = body | {"reviewDue": _in_days(100)}
    for reason, status in (({}, 422), ({"changeReason": "The family goes on searching."}, 200)):
        tag = lab.staff("getPerson", recordId=record).headers.get("etag", "")
        answer = lab.staff("replacePerson", later | reason, recordId=record, headers={"If-Match": tag})
        expect.status(answer, status)
    request = _request_reviewed(lab)
    later = {**request, "reviewDue": _in_days(100)}
    for reason, status in (({}, 422), ({"changeReason": "The family goes on searching."}, 200)):
        name = str(request["requestId"])
        tag = lab.staff("getSearchRequest", requestId=name).headers.get("etag", "")
        answer = lab.staff("replaceSearchRequest", later | reason, requestId=name, headers={"If-Match": tag})
        expect.status(answer, status)


def _request_reviewed(lab: Lab) -> dict[str, Any]:
    body = samples.search_request(scenes.known(lab).record, reviewDue=_in_days(10))
    return dict(lab.create("createSearchRequest", body))


def _doubted(lab: Lab) -> str:
    body = {
        "record": scenes.known(lab).record,
        "reportedBy": "enquirer",
        "reason": "He called his sister this morning.",
    }
    return str(lab.create("createIdentityError", body)["identityErrorId"])


@check("case-014", requirements=["CASE-014"])
def doubts_heard(lab: Lab) -> None:
    """A report of a wrong identity is taken of any record, and becomes a task that is due soon."""
    doubt = _doubted(lab)
    due = [task["dueAt"] for task in scenes.tasks(lab) if task["subject"] == doubt]
    expect.that(due, "nobody is asked to answer a report of a wrong identity")
    expect.that(due[0] <= samples.instant(_TWO_WORKING_DAYS), "the answer is due after two working days")


@check("case-015", requirements=["CASE-015"])
def doubts_answered(lab: Lab) -> None:
    """The answer to a report is kept, and given once."""
    ids = {"identityErrorId": _doubted(lab)}
    body = {"outcome": "refuted", "text": "Two laboratories agree."}
    expect.status(lab.staff("answerIdentityError", body, **ids), 201)
    read = expect.status(lab.staff("getIdentityError", **ids), 200).json
    expect.that(read.get("answer", {}).get("outcome") == "refuted", "the answer was not kept")
    expect.problem(lab.staff("answerIdentityError", body, **ids), 409, "conflict")
