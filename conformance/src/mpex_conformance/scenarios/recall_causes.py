"""Causes of recalls: partners read a notice and no cause, and each notice has its effect."""

import time
from datetime import timedelta
from typing import Any

from mpex_conformance import expect, samples, scenes
from mpex_conformance.lab import Lab
from mpex_conformance.registry import check
from mpex_conformance.wire.exchange import Answer


def _read(lab: Lab, received: str) -> Answer:
    return expect.status(lab.staff("getReceivedRelease", receivedReleaseId=received), 200)


def _notices(lab: Lab, seen: int) -> list[dict[str, Any]]:
    told = (event.of("recall") for event in lab.mock("one").events[seen:])
    return [content for content in told if content is not None]


def _noticed(lab: Lab, seen: int, what: str) -> dict[str, Any]:
    return expect.eventually(
        lambda: next(iter(_notices(lab, seen)), None), within=lab.config.event_seconds, what=what
    )


@check("recl-011", requirements=["RECL-011"], needs=["partner.one", "mock"])
def causes_stay(lab: Lab) -> None:
    """A resolution and a missed review look alike to the recipient."""
    told = []
    for cause in ("resolution", "missedReview"):
        known, seen = scenes.known(lab), len(lab.mock("one").events)
        scenes.released(lab, scenes.hit(lab, known))
        lab.create("createRecall", {"record": known.record, "cause": cause})
        notice = _noticed(lab, seen, "a recall that staff declared")
        expect.that(cause not in str(notice), "the recall tells its cause")
        told.append({name: value for name, value in notice.items() if name not in {"recallId", "dueAt"}})
    expect.that(told[0] == told[1], "two causes of one notice can be told apart")
    expect.that(told[0].get("cause") == "restricted", "the recall bears another notice than belongs to it")


@check("recl-012", requirements=["RECL-012"], needs=["partner.one", "mock"])
def corrections_follow(lab: Lab) -> None:
    """A value that was released and is changed is called back with its new version; an addition is not."""
    known, seen = scenes.known(lab), len(lab.mock("one").events)
    scenes.released(lab, scenes.hit(lab, known))
    record = expect.status(lab.staff("getPerson", recordId=known.record), 200)
    other = samples.contribution({"summary": {"sex": "female"}}, scenes.directive(lab, [], "enquirer"))
    added = _replaced(lab, record, [*record.at("contributions"), other])
    time.sleep(1.0)
    expect.that(not _notices(lab, seen), "an account that was added was taken for a correction")
    right = added.at("contributions", 0)
    right["sections"]["names"] = {"names": [{"text": scenes.fictitious_name()}]}
    corrected = _replaced(lab, added, [right, *added.at("contributions")[1:]])
    notice = _noticed(lab, seen, "a recall of what was corrected")
    expect.that(notice.get("cause") == "corrected", "a correction bears another notice")
    expect.that(notice.get("version") == corrected.at("version"), "the recall names another version")


@check("recl-013", requirements=["RECL-013"], needs=["partner.one", "mock"])
def corrected_is_restricted(lab: Lab) -> None:
    """What was corrected is not shown any more."""
    received, receipt = scenes.recalled(lab, "corrected", {"version": 2})
    expect.that(receipt.get("outcome") == "restricted", "the receipt says something else than was to be done")
    _closed(lab, received)


@check("recl-014", requirements=["RECL-014"], needs=["partner.one", "mock"])
def disputed_is_marked(lab: Lab) -> None:
    """What is disputed is shown with its mark."""
    received, receipt = scenes.recalled(lab, "disputed")
    expect.that(receipt.get("outcome") == "marked", "the receipt says something else than was to be done")
    shown = _read(lab, received)
    expect.that(shown.json.get("disputed") is True, "the data bear no mark of the dispute")
    expect.that("disclosures" in shown.json, "disputed data are shown no more")


@check("recl-015", requirements=["RECL-015"], needs=["partner.one", "mock"])
def restricted_is_closed(lab: Lab) -> None:
    """What is restricted is kept and not shown."""
    received, receipt = scenes.recalled(lab, "restricted")
    expect.that(receipt.get("outcome") == "restricted", "the receipt says something else than was to be done")
    _closed(lab, received)


@check("recl-016", requirements=["RECL-016"], needs=["partner.one", "mock"])
def retained_by_law(lab: Lab) -> None:
    """Who must keep recalled data says so, with law and date of review, and shows them no more."""
    received = scenes.received(lab)
    days = [samples.instant(timedelta(days=number))[:10] for number in (300, 400)]
    duty = {"reason": "courtOrder", "reviewDate": days[0]}
    expect.problem(_retained(lab, received, duty | {"reviewDate": days[1]}), 422, "ruleViolation")
    expect.status(_retained(lab, received, duty), 200)
    _, receipt = scenes.recalled(lab, "withdrawn", received_release=received)
    expect.that(receipt.get("outcome") == "retainedByLaw", "the receipt does not say that a law compels")
    expect.that({name: receipt.get(name) for name in duty} == duty, "the receipt names no law and date")
    _closed(lab, received)


@check("recl-017", requirements=["RECL-017"], needs=["partner.one", "mock"])
def open_recalls_listed(lab: Lab) -> None:
    """A recall that nobody has answered is listed as open, due after 48 hours, and not as overdue."""
    known, seen = scenes.known(lab), len(lab.mock("one").events)
    scenes.released(lab, scenes.hit(lab, known))
    scenes.withdraw(lab, known.directive)
    recall = _noticed(lab, seen, "a recall")["recallId"]
    waiting = _recalls(lab, "open")
    expect.that(recall in waiting, "a recall without a receipt is not listed as open")
    span = samples.parsed(waiting[recall]["recipients"][0]["dueAt"]) - samples.parsed(
        waiting[recall]["createdAt"]
    )
    expect.that(span == timedelta(hours=48), "a recall is not due after 48 hours")
    expect.that(recall not in _recalls(lab, "overdue"), "a recall is overdue before its time")


@check("recl-020", requirements=["RECL-020"], needs=["partner.one", "mock"])
def gaps_close(lab: Lab) -> None:
    """While an event is missing the data are closed, and they open when it has come."""
    received = scenes.received(lab)
    for number, state in ((2, "suspended"), (1, "active")):
        _, token = scenes.recall_of(lab, lab.mock("one"), received, "disputed", sequence=number)
        expect.status(lab.partner("one").call("receiveEvent", token), 202)
        shown = _read(lab, received)
        expect.that(shown.at("state") == state, f"after event {number} the data are not {state}")
        expect.that(("disclosures" in shown.json) is (state == "active"), "the data are shown, or hidden")


def _recalls(lab: Lab, state: str) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    query = {"limit": "100", "state": state}
    while True:
        page = expect.status(lab.staff("listRecalls", query=query), 200)
        found |= {item["recallId"]: item for item in page.at("items")}
        if not (cursor := page.json.get("nextCursor")):
            return found
        query["cursor"] = cursor


def _retained(lab: Lab, received: str, duty: dict[str, str]) -> Answer:
    return lab.staff("retainReceivedRelease", duty, receivedReleaseId=received)


def _closed(lab: Lab, received: str) -> None:
    after = _read(lab, received)
    expect.that(after.at("state") == "restricted", "the data are in another state than restricted")
    expect.that("disclosures" not in after.json, "restricted data can still be read")


def _replaced(lab: Lab, record: Answer, contributions: list[dict[str, Any]]) -> Answer:
    headers: dict[str, str | None] = {"If-Match": record.headers.get("etag", "")}
    body = {**record.json, "contributions": contributions}
    answer = lab.staff("replacePerson", body, recordId=str(record.at("recordId")), headers=headers)
    return expect.status(answer, 200)
