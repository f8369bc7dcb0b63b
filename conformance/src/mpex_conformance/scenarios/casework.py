"""Casework: pairs decided, deaths embargoed, families informed, the living in control of their news."""

import time
from functools import partial
from typing import Any

from mpex_conformance import expect, samples, scenes
from mpex_conformance.lab import Lab
from mpex_conformance.partner.node import Event
from mpex_conformance.registry import check

_QUIET_SECONDS = 1.5


def _search_request(lab: Lab, known: scenes.Known) -> str:
    body = {
        "person": known.record,
        "status": "open",
        "enquirer": {"role": "family", "relationship": "sibling"},
        "collectionPoint": {"type": "fixed", "name": "Fictia Office"},
        "language": "fr",
        "directives": [known.directive],
    }
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


@check("case-002", requirements=["CASE-002"], needs=["partner.one"])
def embargo(lab: Lab) -> None:
    """Before a notification, no report, search or release tells of an identified death."""
    known = scenes.known(lab)
    request = _search_request(lab, known)
    expect.that(scenes.finds(lab, known.name), "control: a permitted record is not found")
    authority = f"Fictia Institute {samples.word()}"
    body = {
        "persons": [known.record],
        "methods": ["dna"],
        "evidence": ["laboratory report"],
        "competentAuthority": authority,
        "state": "confirmed",
        "conclusion": "deceased",
        "decidedAt": samples.instant(),
    }
    created = lab.create("createIdentification", body)
    expect.that(created.get("embargoed") is True, "an identification of a death is not embargoed")
    identifier = str(created["identificationId"])
    told = ["deceased", "identified", identifier, authority]
    search = scenes.search(lab, known.name, release_set="searchDetail")
    answers = [search, expect.status(lab.staff("getAccessReport", requestId=request), 200)]
    if search.at("outcome") == "possibleHit":
        answers.append(scenes.released(lab, scenes.hit(lab, known))[1])
    for answer in answers:
        expect.absent(answer, told, "an identification of a death before the family was told")
    notification = {
        "at": samples.instant(),
        "notifier": "trained delegate",
        "personTold": "sibling",
        "language": "fr",
        "inPerson": True,
    }
    lifted = lab.staff("recordNotification", notification, identificationId=identifier)
    expect.that(
        expect.status(lifted, 201).at("embargoed") is False, "the notification did not lift the embargo"
    )


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
