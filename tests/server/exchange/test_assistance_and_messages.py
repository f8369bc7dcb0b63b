"""What nodes ask of one another and write to one another: told, tasked, answered in turn, and erasable."""

from typing import Any

import pytest
from mpex_server.kit import jws

from tests.server.exchange.town import Town, made, node_id
from tests.server.records import samples
from tests.server.records.samples import Body
from tests.server.world import World

ASSISTANCE, MESSAGES = "/v1/assistance-requests", "/v1/case-messages"


def asked(town: Town, **members: Any) -> str:
    body = samples.assistance(node_id(town, "beta"), **members)
    purpose = body["purpose"]
    answer = town.nodes["alpha"].call("caseWorker", "POST", ASSISTANCE, body, purpose=purpose)
    assert answer.status_code == 201, answer.text
    town.deliver()
    return str(answer.json()["assistanceId"])


def answer(town: Town, identifier: str, kind: str, **members: Any) -> Any:
    body = {"answer": kind} | members
    answered = town.nodes["beta"].call("caseWorker", "POST", f"{ASSISTANCE}/{identifier}/answer", body)
    town.deliver()
    return answered


def seen(world: World, path: str, **details: Any) -> Body:
    return made(world.call("caseWorker", "GET", path, **details), 200)


def kinds(world: World) -> list[str]:
    tasks = made(world.call("caseWorker", "GET", "/v1/tasks"), 200)["items"]
    return sorted(task["kind"] for task in tasks)


def test_a_request_is_accepted_done_and_told(town: Town) -> None:
    alpha, beta = town.nodes["alpha"], town.nodes["beta"]
    request = asked(town)
    there = seen(beta, f"{ASSISTANCE}/{request}")
    assert (there["from"], there["state"]) == (node_id(town, "alpha"), "sent")
    assert kinds(beta) == ["assistanceRequest"]
    due = "2026-12-01T08:00:00Z"
    assert answer(town, request, "accept", dueAt=due).json()["state"] == "accepted"
    assert kinds(beta) == ["assistanceDue"]
    assert seen(beta, "/v1/tasks")["items"][0]["dueAt"] == due
    assert kinds(alpha) == []
    answer(town, request, "complete", text="She does.", language="en")
    told = seen(alpha, f"{ASSISTANCE}/{request}")
    assert told["state"] == "completed"
    assert [entry["state"] for entry in told["answers"]] == ["accepted", "completed"]
    assert told["answers"][1]["text"] == "She does."
    assert (kinds(alpha), kinds(beta)) == (["assistanceAnswer"], [])


def test_a_message_is_relayed_by_a_contact_that_was_cleared_for_it(town: Town) -> None:
    alpha, beta = town.nodes["alpha"], town.nodes["beta"]
    person = made(beta.call("registrar", "POST", "/v1/persons", samples.reachable(channel="phone")))[
        "recordId"
    ]
    path, call = f"/v1/persons/{person}/contacts", {"channel": "phone"}
    before = made(beta.call("caseWorker", "POST", path, call))["contactId"]
    beta.advance(minutes=1)
    request = asked(town, type="relayMessage")
    answer(town, request, "accept")
    for members in ({}, {"contact": before}, {"contact": "contact:" + "a" * 26}):
        refused = answer(town, request, "complete", **members)
        assert samples.refusal(refused) == (422, "ruleViolation")
        assert samples.pointers(refused) == ["/contact"]
    contact = made(beta.call("caseWorker", "POST", path, call))["contactId"]
    assert answer(town, request, "complete", contact=contact).json()["answers"][1]["contact"] == contact
    told = seen(alpha, f"{ASSISTANCE}/{request}")
    assert (told["state"], "contact" in told["answers"][1]) == ("completed", False)


@pytest.mark.parametrize(
    "turns", [["complete"], ["decline", "accept"], ["accept", "accept"], ["accept", "complete", "decline"]]
)
def test_an_answer_out_of_turn_is_refused(town: Town, turns: list[str]) -> None:
    request = asked(town)
    reason = {"reason": "noCapacity"}
    *before, last = [(turn, reason if turn == "decline" else {}) for turn in turns]
    for turn, members in before:
        assert answer(town, request, turn, **members).status_code == 200
    assert samples.refusal(answer(town, request, last[0], **last[1])) == (409, "conflict")


def test_the_asking_node_cannot_answer_itself(town: Town) -> None:
    request = asked(town)
    path = f"{ASSISTANCE}/{request}/answer"
    refused = town.nodes["alpha"].call("caseWorker", "POST", path, {"answer": "accept"})
    assert samples.refusal(refused) == (409, "conflict")


def test_nothing_is_sent_to_strangers_or_beyond_a_mandate(town: Town) -> None:
    alpha, beta = town.nodes["alpha"], node_id(town, "beta")
    stranger = samples.assistance("node:" + "a" * 26)
    beyond = samples.assistance(beta, purpose="repatriation")
    for path, make in ((ASSISTANCE, samples.assistance), (MESSAGES, samples.message)):
        unknown = alpha.call("caseWorker", "POST", path, make(stranger["to"]))
        assert (samples.refusal(unknown), samples.pointers(unknown)) == ((422, "ruleViolation"), ["/to"])
        body = make(beta, purpose=beyond["purpose"])
        refused = alpha.call("caseWorker", "POST", path, body, purpose="repatriation")
        assert (samples.refusal(refused), samples.pointers(refused)) == ((422, "ruleViolation"), ["/purpose"])
    assert town.deliver() == 0


def test_a_request_to_tell_of_a_death_shows_to_those_who_notify_and_to_nobody_else(town: Town) -> None:
    alpha, beta = town.nodes["alpha"], town.nodes["beta"]
    body = samples.assistance(node_id(town, "beta"), type="notifyDeath")
    refused = alpha.call("caseWorker", "POST", ASSISTANCE, body)
    assert (samples.refusal(refused), samples.pointers(refused)) == ((422, "ruleViolation"), ["/purpose"])
    request = asked(town, type="notifyDeath", purpose="notifyFamily")
    for world in (alpha, beta):
        assert world.call("caseWorker", "GET", f"{ASSISTANCE}/{request}").status_code == 404
        assert seen(world, ASSISTANCE) == {"items": []}
        assert seen(world, f"{ASSISTANCE}/{request}", purpose="notifyFamily")["type"] == "notifyDeath"
        assert len(seen(world, ASSISTANCE, purpose="notifyFamily")["items"]) == 1
    assert answer(town, request, "accept").status_code == 404


def test_neither_a_page_nor_a_task_tells_of_a_request_that_may_not_be_seen(town: Town) -> None:
    """A short page, or the purpose of a task, would tell the desk that somebody is to hear of a death."""
    asked(town, type="notifyDeath", purpose="notifyFamily")
    shown = [asked(town) for _ in range(2)]
    town.deliver()
    beta = town.nodes["beta"]
    first = seen(beta, f"{ASSISTANCE}?limit=1")
    second = seen(beta, f"{ASSISTANCE}?limit=1&cursor={first['nextCursor']}")
    assert [item["assistanceId"] for item in (*first["items"], *second["items"])] == sorted(shown)
    assert "nextCursor" not in second
    assert made(beta.call("registrar", "GET", "/v1/tasks"), 200)["items"] == []
    assert len(made(beta.call("supervisor", "GET", "/v1/tasks"), 200)["items"]) == 3


def written(town: Town, **members: Any) -> str:
    body = samples.message(node_id(town, "beta"), **members)
    return str(made(town.nodes["alpha"].call("caseWorker", "POST", MESSAGES, body))["messageId"])


def test_a_message_keeps_its_language_its_translations_and_its_signature(town: Town) -> None:
    alpha, beta = town.nodes["alpha"], town.nodes["beta"]
    translation = {"language": "en", "text": "She waits for a call.", "by": "machine", "translator": "t 2"}
    message = written(town, translations=[translation])
    town.deliver()
    there = seen(beta, f"{MESSAGES}/{message}")
    assert (there["language"], there["text"]) == ("fr", "Elle attend un appel.")
    assert there["translations"] == [translation]
    parsed = jws.parse(there["statement"])
    keys = {key["kid"]: key for key in alpha.node.keys.public_jwks()["keys"]}
    jws.verify(parsed, jws.verification_key(keys[parsed.header["kid"]]))
    assert parsed.claims["events"]["urn:mpex:event:caseMessage"]["text"] == there["text"]
    assert kinds(beta) == ["caseMessage"]


def test_a_recalled_message_is_gone_whatever_came_first(town: Town) -> None:
    alpha, beta = town.nodes["alpha"], town.nodes["beta"]
    message = written(town)
    town.deliver()
    recalled = alpha.call("caseWorker", "POST", f"{MESSAGES}/{message}/recall")
    assert made(recalled, 200)["state"] == "recalled"
    town.deliver()
    assert beta.call("caseWorker", "GET", f"{MESSAGES}/{message}").status_code == 404
    assert kinds(beta) == []
    again = alpha.call("caseWorker", "POST", f"{MESSAGES}/{message}/recall")
    assert samples.refusal(again) == (409, "conflict")


def test_the_recipient_cannot_recall_what_it_was_sent(town: Town) -> None:
    message = written(town)
    town.deliver()
    refused = town.nodes["beta"].call("caseWorker", "POST", f"{MESSAGES}/{message}/recall")
    assert samples.refusal(refused) == (409, "conflict")


def test_texts_stand_in_no_log_entry(town: Town) -> None:
    asked(town)
    written(town)
    town.deliver()
    for world in town.nodes.values():
        assert "wishes" not in str(world.leaves())
        assert "appel" not in str(world.leaves())


def test_a_partner_asks_so_often_in_a_day_and_the_rest_comes_later(town: Town) -> None:
    alpha, beta = town.nodes["alpha"], town.nodes["beta"]
    object.__setattr__(beta.node.settings, "partner_asks_per_day", 2)
    first, second, third = (asked(town) for _ in range(3))
    assert kinds(beta) == ["assistanceRequest"] * 2
    beta.sequence()
    log = made(beta.call("auditor", "GET", "/v1/log/entries"), 200)["items"]
    assert [entry["reason"] for entry in log if entry["event"] == "refusal"] == ["quotaExceeded"]
    answer(town, first, "accept")
    assert seen(alpha, f"{ASSISTANCE}/{first}")["state"] == "accepted"
    town.wait(days=1)
    town.deliver()
    assert (
        seen(beta, f"{ASSISTANCE}/{third}")["state"]
        == seen(beta, f"{ASSISTANCE}/{second}")["state"]
        == "sent"
    )
