"""Recall: sent to every recipient, repeated until taken, obeyed and answered, never forged."""

import time
from typing import Any

from mpex_conformance import expect, samples, scenes
from mpex_conformance.lab import Lab
from mpex_conformance.partner.node import Event, MockNode
from mpex_conformance.registry import check
from mpex_conformance.wire import jose
from mpex_conformance.wire.contract import schema_errors
from mpex_conformance.wire.exchange import Answer

_QUIET_SECONDS = 2.0


def _await(lab: Lab, mock: MockNode, kind: str, seen: int, what: str) -> Event:
    def look() -> Event | None:
        return next((event for event in mock.events[seen:] if event.of(kind)), None)

    return expect.eventually(look, within=lab.config.event_seconds, what=what)


def _genuine(lab: Lab, mock: MockNode, event: Event) -> None:
    claims = jose.verified(event.token, lab.jwks)
    expect.that(claims is not None, "the event is not signed by a published key of the node")
    expect.that(jose.header(event.token).get("typ") == "secevent+jwt", "the event has another type of token")
    errors = schema_errors("event-claims.json", claims)
    expect.that(not errors, f"the event contradicts its schema at {errors[0] if errors else ''}")
    expect.that((claims or {})["iss"] == lab.node_id, "the event is not of the node")
    expect.that((claims or {})["aud"] == mock.node_id, "the event is for somebody else")


def _push(lab: Lab, token: str, partner: str = "one") -> Answer:
    return lab.partner(partner).call("receiveEvent", token)


@check("recl-001", requirements=["RECL-001"], needs=["partner.one", "partner.two", "mock"])
def every_recipient(lab: Lab) -> None:
    """A withdrawal reaches every partner that received data, and nobody else learns why."""
    mocks = [lab.mock("one"), lab.mock("two")]
    seen = [len(mock.events) for mock in mocks]
    known = scenes.known(lab)
    for partner in ("one", "two"):
        scenes.released(lab, scenes.hit(lab, known, partner=partner))
    scenes.withdraw(lab, known.directive, reason="confidential-reason")
    for mock, mark in zip(mocks, seen, strict=True):
        event = _await(lab, mock, "recall", mark, "a recall at every recipient")
        _genuine(lab, mock, event)
        notice = event.of("recall") or {}
        expect.that(notice.get("cause") == "withdrawn", "the recall tells another cause than partners see")
        expect.that("confidential-reason" not in str(event.claims), "the recall tells the reason")


@check("recl-002", requirements=["RECL-002"], needs=["partner.one", "mock"])
def repeated_until_taken(lab: Lab) -> None:
    """An event that the partner does not take comes again, the same one, until it is taken."""
    mock = lab.mock("one")
    known = scenes.known(lab)
    scenes.released(lab, scenes.hit(lab, known))
    seen, refused = len(mock.events), len(mock.refused)
    mock.refuse_events = 2
    try:
        scenes.withdraw(lab, known.directive)
        event = _await(lab, mock, "recall", seen, "the repetition of an event that was refused")
    finally:
        mock.refuse_events = 0
    tried = [item.claims.get("jti") for item in mock.refused[refused:]]
    expect.that(event.claims.get("jti") in tried, "the repetition is another event")


@check("recl-003", requirements=["RECL-003"], needs=["partner.one", "mock"])
def obeyed_and_answered(lab: Lab) -> None:
    """Recalled data is erased or restricted, and a signed receipt says so."""
    mock = lab.mock("one")
    received = scenes.received(lab)
    before = expect.status(lab.staff("getReceivedRelease", receivedReleaseId=received), 200)
    expect.that(
        before.at("state") == "active" and before.at("disclosures"), "the received release holds no data"
    )
    seen = len(mock.events)
    recall, token = scenes.recall_of(lab, mock, received)
    expect.status(_push(lab, token), 202)
    receipt = _await(lab, mock, "receipt", seen, "a receipt for a recall")
    _genuine(lab, mock, receipt)
    content = receipt.of("receipt") or {}
    expect.that(content.get("recallId") == recall, "the receipt is for another recall")
    after = expect.status(lab.staff("getReceivedRelease", receivedReleaseId=received), 200)
    expect.that(after.at("state") in ("erased", "restricted"), "recalled data is still active")
    expect.that("disclosures" not in after.json, "recalled data can still be read")
    expect.that(content.get("outcome") == after.at("state"), "the receipt says something else than was done")


@check("recl-004", requirements=["RECL-004"], needs=["partner.one", "partner.two", "mock"])
def forged_events(lab: Lab) -> None:
    """An event by another key, by nobody, for somebody else or sent by another partner is refused."""
    mock = lab.mock("one")
    received = scenes.received(lab)
    _, right = scenes.recall_of(lab, mock, received)
    claims = jose.claims(right)
    unsigned = jose.compact({"alg": "none", "typ": "secevent+jwt"}, claims, None)
    for why, token, sender in (
        ("signed by another key", scenes.recall_of(lab, mock, received, key=jose.new_key())[1], "one"),
        ("not signed", unsigned, "one"),
        (
            "issued by somebody else",
            scenes.recall_of(lab, mock, received, iss=samples.identifier("node"))[1],
            "one",
        ),
        (
            "for another recipient",
            scenes.recall_of(lab, mock, received, aud=samples.identifier("node"))[1],
            "one",
        ),
        ("sent by another partner", right, "two"),
    ):
        expect.status(_push(lab, token, sender), 400, 401, 403, why=why)
    state = expect.status(lab.staff("getReceivedRelease", receivedReleaseId=received), 200).at("state")
    expect.that(state == "active", "a forged recall had an effect")


@check("recl-005", requirements=["RECL-005"], needs=["partner.one", "mock"])
def taken_once(lab: Lab) -> None:
    """An event that comes twice is taken twice and has one effect."""
    mock = lab.mock("one")
    received = scenes.received(lab)
    seen = len(mock.events)
    recall, token = scenes.recall_of(lab, mock, received)
    for _ in range(3):
        expect.status(_push(lab, token), 202, why="the same event")
    _await(lab, mock, "receipt", seen, "a receipt for a recall")
    time.sleep(_QUIET_SECONDS)
    receipts = [event.of("receipt") for event in mock.events[seen:]]
    identifiers = {
        event.claims.get("jti")
        for event in mock.events[seen:]
        if (event.of("receipt") or {}).get("recallId") == recall
    }
    expect.that(receipts and len(identifiers) == 1, "a repeated event was answered by several receipts")


@check("recl-006", requirements=["RECL-006"], needs=["partner.one"])
def nothing_after_withdrawal(lab: Lab) -> None:
    """An approved release that was not fetched is not handed out after the withdrawal."""
    known = scenes.known(lab)
    request = scenes.requested(lab, scenes.hit(lab, known))
    scenes.decide(lab, request)
    scenes.withdraw(lab, known.directive)
    answer = expect.problem(scenes.collect(lab, request), 404, why="withdrawn")
    expect.absent(answer, [known.name], "data after the withdrawal")


@check("recl-007", requirements=["RECL-007"], needs=["partner.one", "mock"])
def query_without_answer(lab: Lab) -> None:
    """A query whose answer was lost is recalled by the identifier that the target gave it."""
    mock = lab.mock("one")
    known, seen, asked = scenes.known(lab), len(mock.events), len(mock.searches)
    mock.lose_answers = 1
    try:
        scenes.asked_partner(lab, known, mock.node_id)
    finally:
        mock.lose_answers = 0
    expect.that(len(mock.searches) == asked + 1, "the query was not sent, or sent twice")
    scenes.withdraw(lab, known.directive)
    event = _await(lab, mock, "recall", seen, "the recall of a query whose answer was lost")
    named = event.claims.get("sub_id", {}).get("id")
    expect.that(named == mock.searches[-1].get("searchId"), "the recall names another query than was sent")


@check("recl-008", requirements=["RECL-008"], needs=["partner.one", "mock"])
def kept_query_dropped(lab: Lab) -> None:
    """The recall of a query ends the task that it opened."""
    mock = lab.mock("one")
    living, search, task = scenes.silent_hit(lab)
    notice = {
        "recallId": samples.identifier("recall"),
        "cause": "withdrawn",
        "purposes": [],
        "dueAt": samples.instant(),
    }
    expect.status(_push(lab, mock.event_token(search, {"urn:mpex:event:recall": notice})), 202)

    def gone() -> bool | None:
        return None if any(item["taskId"] == task for item in scenes.tasks(lab)) else True

    expect.eventually(gone, within=lab.config.event_seconds, what="the end of the task of a recalled query")
    scenes.search(lab, living.name, searchId=search)
    expect.that(
        all(item["subject"] != living.record for item in scenes.tasks(lab)),
        "a query that came after its own recall was kept",
    )


@check("recl-009", requirements=["RECL-009"], needs=["partner.one", "mock"])
def denied_later(lab: Lab) -> None:
    """What was released is recalled when the person's own denial joins the record."""
    mock = lab.mock("one")
    known, seen = scenes.known(lab), len(mock.events)
    scenes.released(lab, scenes.hit(lab, known))
    denial = scenes.directive(lab, [{"effect": "deny", "purposes": [scenes.PURPOSE]}], "self")
    entry = samples.contribution({"summary": {"sex": "female"}}, denial)
    record = expect.status(lab.staff("getPerson", recordId=known.record), 200)
    body = {**record.json, "contributions": [*record.at("contributions"), entry]}
    expect.status(_replaced(lab, record, body), 200)
    _genuine(lab, mock, _await(lab, mock, "recall", seen, "a recall of what is denied by now"))


@check("recl-009-each", requirements=["RECL-009"], needs=["partner.one", "mock"])
def denied_beside_a_permit(lab: Lab) -> None:
    """What one account loses is recalled, though another account permits the same."""
    mock = lab.mock("one")
    known, seen = scenes.known(lab), len(mock.events)
    scenes.released(lab, scenes.hit(lab, known))
    denial = scenes.directive(lab, [{"effect": "deny", "purposes": [scenes.PURPOSE]}], "court")
    own = scenes.directive(lab, [samples.grant([scenes.PURPOSE])], "self")
    entry = samples.contribution(samples.sections(known.name), own)
    record = expect.status(lab.staff("getPerson", recordId=known.record), 200)
    body = {**record.json, "contributions": [*record.at("contributions"), entry], "directives": [denial]}
    expect.status(_replaced(lab, record, body), 200)
    expect.that(bool(scenes.search(lab, known.name).at("hits")), "the person's own permit is not heard")
    _genuine(lab, mock, _await(lab, mock, "recall", seen, "a recall of the account that is denied by now"))


@check("recl-010", requirements=["RECL-010"])
def directives_stay(lab: Lab) -> None:
    """A contribution is moved neither to another directive nor to none."""
    known = scenes.known(lab)
    other = scenes.directive(lab, [samples.grant([scenes.PURPOSE])])
    record = expect.status(lab.staff("getPerson", recordId=known.record), 200)
    entry = record.at("contributions", 0)
    free = {name: value for name, value in entry.items() if name != "directive"}
    for moved in ({**entry, "directive": other}, free):
        answer = _replaced(lab, record, {**record.json, "contributions": [moved]})
        expect.problem(answer, 422, "ruleViolation", why="another directive")


def _replaced(lab: Lab, record: Answer, body: dict[str, Any]) -> Answer:
    headers: dict[str, str | None] = {"If-Match": record.headers.get("etag", "")}
    return lab.staff("replacePerson", body, recordId=str(record.at("recordId")), headers=headers)
