"""Custody: whoever collects an offered record has it, and is called back unless it takes the record over."""

from typing import Any

from mpex_conformance import expect, handovers, samples, scenes
from mpex_conformance.lab import Lab
from mpex_conformance.registry import check
from mpex_conformance.wire.exchange import Answer

_CANCEL = {"state": "cancelled"}


@check("cust-030", requirements=["CUST-030"], needs=["partner.one", "mock"])
def cancellations_wait_for_offers(lab: Lab) -> None:
    """A cancellation that has overtaken its offer is refused, so that it comes again."""
    early = samples.identifier("transfer")
    event = {handovers.PREFIX + "custodyState": {"transferId": early, **_CANCEL}}
    token = lab.mock("one").event_token(early, event)
    refused = expect.status(lab.partner("one").call("receiveEvent", token), 400)
    expect.that(refused.at("err") == "access_denied", "the error has another code")
    waiting = handovers.waiting(lab)
    handovers.say(lab, waiting.transfer, "custodyState", _CANCEL)
    expect.problem(handovers.take(lab, waiting), 409, "conflict", why="the offer was cancelled")


@check("cust-031", requirements=["CUST-031"], needs=["partner.one"])
def collections_are_reported(lab: Lab) -> None:
    """The family is told which partner had the record, though it declined."""
    known = scenes.known(lab)
    asked = samples.search_request(known.record, directives=[known.directive])
    request = lab.create("createSearchRequest", asked)["requestId"]
    transfer = handovers.offered(lab, known)
    expect.that(not _reported(lab, request), "control: a collection is reported that never was")
    expect.status(handovers.collect(lab, transfer), 200)
    (entry,) = _reported(lab, request) or ({},)
    expect.that("names" in entry.get("categories", []), "the report does not say what the partner had")
    handovers.say(lab, transfer, "custodyState", {"state": "declined"})
    expect.that(bool(_reported(lab, request)), "the collection is forgotten once the partner declines")


@check("cust-032", requirements=["CUST-032"], needs=["partner.one", "mock"])
def collections_are_called_back(lab: Lab) -> None:
    """What a partner collected and does not take over is called back under the transfer."""
    known = scenes.known(lab)
    for end in (_declined, _cancelled):
        transfer, seen = handovers.offered(lab, known), len(lab.mock("one").events)
        expect.status(handovers.collect(lab, transfer), 200)
        end(lab, transfer)
        notice = handovers.told(lab, "one", "recall", seen, transfer)
        expect.that(notice["cause"] == "withdrawn", "the recall has another notice")
        expect.that("parts" not in notice, "a part of the record is left with the partner")


@check("cust-033", requirements=["CUST-033"], needs=["partner.one"])
def recalled_offers_end(lab: Lab) -> None:
    """When one of two accounts is called back, the rest is not handed out by the same offer."""
    bases = [scenes.directive(lab, [samples.grant([scenes.PURPOSE])]) for _ in range(2)]
    name = scenes.fictitious_name()
    accounts = [samples.contribution(samples.sections(name), basis) for basis in bases]
    record = str(lab.create("createPerson", samples.person(accounts))["recordId"])
    known = scenes.Known(name, record, bases[0])
    transfer = handovers.offered(lab, known)
    expect.status(handovers.collect(lab, transfer), 200)
    scenes.withdraw(lab, bases[0])
    expect.problem(handovers.collect(lab, transfer), 404, "notFound", why="recalled by this transfer")
    expect.status(handovers.collect(lab, handovers.offered(lab, known)), 200)


@check("cust-034", requirements=["CUST-034"], needs=["partner.one", "mock"])
def recalls_end_offers(lab: Lab) -> None:
    """An offer whose maker calls back what was collected is taken no more, and what was taken is not kept."""
    waiting = handovers.waiting(lab)
    expect.status(_recall(lab, waiting.transfer), 202)
    expect.problem(handovers.take(lab, waiting), 409, "conflict", why="the offer was recalled")
    taken, seen = handovers.given_over(lab), len(lab.mock("one").events)
    expect.status(_recall(lab, taken.transfer), 202)
    receipt = handovers.told(lab, "one", "receipt", seen, taken.transfer)
    expect.that(receipt["outcome"] == "erased", "the receipt says something else")
    handovers.say(lab, taken.transfer, "custodyState", {"state": "completed"})
    expect.problem(lab.staff("getPerson", recordId=taken.record), 404, "notFound", why="it was called back")


def _reported(lab: Lab, request: Any) -> list[dict[str, Any]]:
    """Return what the access report for a search request says of records in transfer."""
    report = expect.status(lab.staff("getAccessReport", requestId=request), 200)
    return [entry for entry in report.at("entries") if entry["kind"] == "transfer"]


def _declined(lab: Lab, transfer: str) -> None:
    handovers.say(lab, transfer, "custodyState", {"state": "declined"})


def _cancelled(lab: Lab, transfer: str) -> None:
    expect.status(lab.staff("decideCustodyOffer", {"decision": "cancel"}, transferId=transfer), 200)


def _recall(lab: Lab, transfer: str) -> Answer:
    told = {"recallId": samples.identifier("recall"), "cause": "withdrawn", "purposes": []}
    events = {handovers.PREFIX + "recall": {**told, "dueAt": samples.instant()}}
    token = lab.mock("one").event_token(transfer, events)
    return lab.partner("one").call("receiveEvent", token)
