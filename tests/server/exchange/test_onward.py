"""Onward sharing: a release that goes on to a third node, the origin that is asked and told, and recalls."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from mpex_server import office
from mpex_server.disclosures import repository as disclosed
from mpex_server.disclosures.work import OwnWork
from mpex_server.kit.ids import new_id
from mpex_server.partner_release_requests import service
from mpex_server.recalls import disputes, outbox
from mpex_server.received_releases import service as received_releases
from mpex_server.storage import tables as t
from mpex_server.storage.documents import Documents
from mpex_server.storage.engine import transaction
from sqlalchemy import delete

from tests.server.exchange.street import collect, collected, held, offered, pass_on, received_by_alpha
from tests.server.exchange.town import REQUESTS, Town, made, node_id
from tests.server.records import samples

Body = dict[str, Any]
Setup = Callable[..., tuple[Body, str]]


def test_a_release_goes_on_under_its_conditions_and_is_called_back_everywhere(street: Town) -> None:
    received, directive = received_by_alpha(street, "samePurpose")
    made(pass_on(street, "alpha", received, "gamma", categories=["names", "summary"]))
    second = collected(street, "gamma")
    made(pass_on(street, "gamma", second, "delta"))
    third = collected(street, "delta")

    assert third["categories"] == ["names", "summary"]
    assert third["disclosures"]["names"] == received["disclosures"]["names"]
    assert third["obligations"] == received["obligations"]
    assert third["validUntil"] == received["validUntil"]
    assert third["origin"]["chain"] == [node_id(street, name) for name in ("beta", "alpha", "gamma")]
    assert third["origin"]["release"] == received["release"]
    back = pass_on(street, "delta", third, "alpha")
    assert samples.refusal(back) == (422, "ruleViolation")

    beta = street.nodes["beta"]
    street.work()
    made(beta.call("registrar", "POST", f"/v1/directives/{directive}/withdrawals", {}))
    for name, release in (("alpha", received), ("gamma", second), ("delta", third)):
        assert held(street, name, release)["state"] == "erased"
    (recall,) = made(beta.call("caseWorker", "GET", "/v1/recalls?state=complete"), 200)["items"]
    told = {entry["partner"]: entry["outcome"] for entry in recall["recipients"]}
    assert told == {node_id(street, name): "erased" for name in ("alpha", "gamma", "delta")}
    (passed,) = made(street.nodes["alpha"].call("caseWorker", "GET", "/v1/recalls"), 200)["items"][-1:]
    assert passed["origin"] == {"node": node_id(street, "beta"), "recallId": recall["recallId"]}


def test_what_may_not_go_on_stays(street: Town) -> None:
    received, _ = received_by_alpha(street, "none")
    assert samples.refusal(pass_on(street, "alpha", received, "gamma")) == (422, "ruleViolation")


@pytest.mark.parametrize(
    "members", [{"partner": "node:" + 26 * "a"}, {"categories": ["medical"]}], ids=["unknown", "more"]
)
def test_only_what_was_received_goes_on_and_to_partners_only(street: Town, members: Body) -> None:
    received, _ = received_by_alpha(street, "samePurpose")
    assert samples.refusal(pass_on(street, "alpha", received, "gamma", **members)) == (422, "ruleViolation")


def test_an_excluded_node_gets_nothing(street: Town) -> None:
    excluded = [{"nodeId": node_id(street, "gamma")}]
    received, _ = received_by_alpha(street, "samePurpose", doNotShareWith=excluded)
    assert samples.refusal(pass_on(street, "alpha", received, "gamma")) == (422, "ruleViolation")
    made(pass_on(street, "alpha", received, "delta"))


@pytest.mark.parametrize("decision", ["approve", "refuse"])
def test_the_origin_is_asked_where_it_says_so(street: Town, decision: str) -> None:
    received, _ = received_by_alpha(street, "ask")
    offer = made(pass_on(street, "alpha", received, "gamma"))
    assert (offer["state"], offered(street, "gamma")) == ("pending", [])
    beta = street.nodes["beta"]
    (question,) = made(beta.call("releaseOfficer", "GET", "/v1/onward-requests"), 200)["items"]
    assert question["recipient"] == node_id(street, "gamma")
    path = f"/v1/onward-requests/{question['onwardRequestId']}/decision"
    made(beta.call("releaseOfficer", "POST", path, {"decision": decision}), 200)
    again = beta.call("releaseOfficer", "POST", path, {"decision": decision})
    assert samples.refusal(again) == (409, "conflict")
    requests = offered(street, "gamma")
    assert len(requests) == (decision == "approve")
    path = f"/v1/received-releases/{received['receivedReleaseId']}/onward"
    (shown,) = made(street.nodes["alpha"].call("caseWorker", "GET", path), 200)["items"]
    assert shown["state"] == {"approve": "approved", "refuse": "refused"}[decision]


def test_the_origin_approves_nobody_whom_consent_denies(street: Town) -> None:
    street.register(street.nodes["beta"], street.entry("gamma", recipientClass="police"))
    received, _ = received_by_alpha(street, "ask")
    made(pass_on(street, "alpha", received, "gamma"))
    street.work()
    beta = street.nodes["beta"]
    (question,) = made(beta.call("releaseOfficer", "GET", "/v1/onward-requests"), 200)["items"]
    path = f"/v1/onward-requests/{question['onwardRequestId']}/decision"
    refused = beta.call("releaseOfficer", "POST", path, {"decision": "approve"})
    assert samples.refusal(refused) == (409, "conflict")


def test_the_origin_calls_back_at_once_what_consent_denies_to_a_reported_node(street: Town) -> None:
    street.register(street.nodes["beta"], street.entry("gamma", recipientClass="police"))
    received, _ = received_by_alpha(street, "samePurpose")
    made(pass_on(street, "alpha", received, "gamma"))
    second = collected(street, "gamma")
    assert held(street, "gamma", second)["state"] == "erased"
    assert held(street, "alpha", received)["state"] == "active"


@pytest.mark.parametrize(("purpose", "state"), [("searchLiving", "active"), ("identifyDeceased", "erased")])
def test_the_origin_calls_back_what_went_on_for_another_purpose(
    street: Town, purpose: str, state: str
) -> None:
    """Consent permits gamma as much as alpha, for the purpose of the release."""
    received, _ = received_by_alpha(street, "samePurpose")
    alpha, reference = street.nodes["alpha"].node, new_id("release")
    report = {
        "onwardId": new_id("releaseRequest"),
        "recipient": node_id(street, "gamma"),
        "reference": reference,
        "categories": ["names"],
        "purpose": purpose,
        "at": "2026-11-21T09:00:00Z",
    }
    with transaction(alpha.engine) as conn:
        outbox.enqueue(
            OwnWork(conn, alpha.keys, alpha.clock, alpha.settings),
            partner=node_id(street, "beta"),
            event_type="onwardReported",
            subject=received["release"],
            purpose="searchLiving",
            event=report,
        )
    street.deliver()
    with transaction(street.nodes["beta"].node.engine, write=False) as conn:
        (entry,) = disclosed.under_reference(conn, node_id(street, "gamma"), reference)
    assert entry.state == state


def test_a_breach_is_reported_to_whoever_released_and_to_the_origin(street: Town) -> None:
    received, _ = received_by_alpha(street, "samePurpose")
    made(pass_on(street, "alpha", received, "gamma"))
    second = collected(street, "gamma")
    path = f"/v1/received-releases/{second['receivedReleaseId']}/breaches"
    breach = {"kind": "compelledDisclosure", "learntAt": "2026-11-21T09:00:00Z"}
    for _ in range(2):
        made(street.nodes["gamma"].call("releaseOfficer", "POST", path, breach), 200)
    street.work()
    for name, subject in (("alpha", received["receivedReleaseId"]), ("beta", received["record"])):
        tasks = made(street.nodes[name].call("caseWorker", "GET", "/v1/tasks"), 200)["items"]
        (task,) = (task for task in tasks if task["kind"] == "breach")
        assert (task["subject"], task["breaches"]) == (subject, [breach])


def test_a_breach_waits_until_somebody_has_looked_at_twenty_before_it(street: Town) -> None:
    received, _ = received_by_alpha(street, "samePurpose")
    path = f"/v1/received-releases/{received['receivedReleaseId']}/breaches"
    said = [{"kind": "breach", "learntAt": f"2026-11-21T09:00:{second:02}Z"} for second in range(21)]
    for breach in said:
        made(street.nodes["alpha"].call("releaseOfficer", "POST", path, breach), 200)
    street.work()
    beta, shown = street.nodes["beta"], []
    for _ in range(2):
        tasks = made(beta.call("caseWorker", "GET", "/v1/tasks"), 200)["items"]
        (task,) = (task for task in tasks if task["kind"] == "breach")
        shown += task["breaches"]
        done = f"/v1/tasks/{task['taskId']}/completion"
        made(beta.call("caseWorker", "POST", done, {}), 200)
        street.wait(hours=25)
        street.work()
    assert shown == said


def test_only_a_recipient_is_heard_about_a_release(street: Town) -> None:
    """Delta never had anything of beta, though it knows how the release is called."""
    received, _ = received_by_alpha(street, "samePurpose")
    events: dict[str, Body] = {
        "breach": {"kind": "breach", "learntAt": "2026-11-21T09:00:00Z"},
        "onwardReported": {
            "onwardId": new_id("releaseRequest"),
            "recipient": node_id(street, "gamma"),
            "reference": new_id("release"),
            "categories": ["names"],
            "purpose": "searchLiving",
            "at": "2026-11-21T09:00:00Z",
        },
    }
    delta, beta = street.nodes["delta"].node, street.nodes["beta"]
    with transaction(delta.engine) as conn:
        work = OwnWork(conn, delta.keys, delta.clock, delta.settings)
        for kind, event in events.items():
            outbox.enqueue(
                work,
                partner=node_id(street, "beta"),
                event_type=kind,
                subject=received["release"],
                purpose="searchLiving",
                event=event,
            )
    street.work()
    with transaction(beta.node.engine, write=False) as conn:
        assert {entry.partner for entry in disclosed.of_records(conn, [received["record"]])} == {
            node_id(street, "alpha")
        }
    tasks = made(beta.call("caseWorker", "GET", "/v1/tasks"), 200)["items"]
    assert "breach" not in {task["kind"] for task in tasks}


def test_a_node_in_between_cannot_pass_on_what_its_origin_has_not_signed(street: Town) -> None:
    """Alpha changes a name and signs the whole as its own, with the proof that it has."""
    received, _ = received_by_alpha(street, "samePurpose")
    made(pass_on(street, "alpha", received, "gamma"))
    (request,) = offered(street, "gamma")
    node = street.nodes["alpha"].node
    with transaction(node.engine) as conn:
        work = OwnWork(conn, node.keys, node.clock, node.settings)
        kept = received_releases.find(work, received["receivedReleaseId"]).body["data"]
        data = work.documents.get(kept)
        assert data is not None
        body = data.body
        body["disclosures"]["names"]["values"][0]["value"] = {"names": [{"text": "Ficta Otra"}]}
        work.documents.replace(data, body, reason="forged", actor=node.settings.node_id)
    refused = collect(street, "gamma", request)
    assert samples.refusal(refused) == (502, "partnerFailed")
    assert "a value is not what the origin has signed" in refused.json()["detail"]


def test_nobody_collects_what_comes_from_an_origin_that_is_no_partner(street: Town) -> None:
    received, _ = received_by_alpha(street, "samePurpose")
    with transaction(street.nodes["gamma"].node.engine) as conn:
        conn.execute(delete(t.partner).where(t.partner.c.node_id == node_id(street, "beta")))
    made(pass_on(street, "alpha", received, "gamma"))
    (request,) = offered(street, "gamma")
    refused = collect(street, "gamma", request)
    assert samples.refusal(refused) == (502, "partnerFailed")
    assert "its origin is no partner here" in refused.json()["detail"]


def test_a_node_in_between_does_not_take_off_the_mark_of_the_origin(street: Town) -> None:
    received, _ = received_by_alpha(street, "samePurpose")
    made(pass_on(street, "alpha", received, "gamma"))
    second = collected(street, "gamma")
    street.work()
    beta, path = street.nodes["beta"], f"/v1/persons/{received['record']}"
    shown = beta.call("registrar", "GET", path)
    dispute = {
        "dispute": {
            "openedBy": "enquirer",
            "since": "2026-11-21T08:00:00Z",
            "reason": "Her sister says otherwise.",
        }
    }
    tag = {"If-Match": shown.headers["etag"]}
    changed = beta.call("registrar", "PUT", path, shown.json() | dispute, headers=tag)
    made(changed, 200)
    assert held(street, "gamma", second)["disputed"] is True
    alpha = street.nodes["alpha"].node
    with transaction(alpha.engine) as conn:
        disputes.tell_ended(
            OwnWork(conn, alpha.keys, alpha.clock, alpha.settings), received["receivedReleaseId"]
        )
    assert held(street, "gamma", second)["disputed"] is True
    tag = {"If-Match": changed.headers["etag"]}
    ended = shown.json() | {"changeCode": "disputeRejected"}
    made(beta.call("registrar", "PUT", path, ended, headers=tag), 200)
    assert "disputed" not in held(street, "gamma", second)


def test_an_offer_ends_with_the_release_behind_it(street: Town) -> None:
    received, directive = received_by_alpha(street, "samePurpose")
    made(pass_on(street, "alpha", received, "gamma"))
    (request,) = offered(street, "gamma")
    beta = street.nodes["beta"]
    made(beta.call("registrar", "POST", f"/v1/directives/{directive}/withdrawals", {}))
    street.work()
    assert samples.refusal(collect(street, "gamma", request)) == (404, "notFound")
    shown = made(street.nodes["gamma"].call("caseWorker", "GET", f"{REQUESTS}/{request}"), 200)
    assert shown["status"]["state"] == "withdrawn"
    assert samples.refusal(pass_on(street, "alpha", received, "gamma")) == (409, "conflict")


def test_a_correction_travels_along_the_chain(street: Town) -> None:
    received, _ = received_by_alpha(street, "samePurpose")
    made(pass_on(street, "alpha", received, "gamma"))
    (request,) = offered(street, "gamma")
    second = made(collect(street, "gamma", request))
    street.work()
    beta, path = street.nodes["beta"], f"/v1/persons/{received['record']}"
    shown = beta.call("registrar", "GET", path)
    body, tag = made(shown, 200), {"If-Match": shown.headers["etag"]}
    body["contributions"][0]["sections"]["names"] = {"names": [{"text": "Fictia Opravená"}]}
    made(beta.call("registrar", "PUT", path, body, headers=tag), 200)
    assert held(street, "gamma", second)["supersededBy"] == 2
    assert held(street, "alpha", received)["state"] == "restricted"

    made(collect(street, "alpha", _own_request(street)))
    anew = made(collect(street, "gamma", request))
    assert anew["disclosures"]["names"]["values"][0]["value"]["names"][0]["text"] == "Fictia Opravená"
    assert held(street, "gamma", second)["state"] == "erased"


def _own_request(town: Town) -> str:
    node = town.nodes["alpha"].node
    with transaction(node.engine, write=False) as conn:
        (found,) = Documents(conn, node.keys, node.clock).listing(service.KIND, limit=9)
    return found.id


@pytest.mark.parametrize(
    "members", [{"recipientClass": "consular"}, {"nationalAuthorityOf": "XX"}], ids=["consulate", "authority"]
)
def test_the_origin_is_asked_about_an_authority_whatever_the_release_says(
    street: Town, members: Body
) -> None:
    for name in ("alpha", "beta", "delta"):
        street.register(street.nodes[name], street.entry("gamma", **members))
    received, _ = received_by_alpha(street, "samePurpose")
    assert made(pass_on(street, "alpha", received, "gamma"))["state"] == "pending"
    assert made(pass_on(street, "alpha", received, "delta"))["state"] == "approved"
    assert offered(street, "gamma") == []


def test_two_persons_of_the_origin_approve_a_recipient_where_two_approve_a_release(
    street: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    received, _ = received_by_alpha(street, "ask")
    strict = replace(office.of(street.nodes["beta"].node.settings), four_eyes=frozenset({"names"}))
    monkeypatch.setattr(office, "of", lambda _settings: strict)
    made(pass_on(street, "alpha", received, "gamma"))
    street.work()
    beta = street.nodes["beta"]
    (question,) = made(beta.call("releaseOfficer", "GET", "/v1/onward-requests"), 200)["items"]
    path, approval = f"/v1/onward-requests/{question['onwardRequestId']}/decision", {"decision": "approve"}
    assert made(beta.call("releaseOfficer", "POST", path, approval), 200)["state"] == "pending"
    assert samples.refusal(beta.call("releaseOfficer", "POST", path, approval)) == (409, "conflict")
    assert offered(street, "gamma") == []
    assert made(beta.call("supervisor", "POST", path, approval), 200)["state"] == "approved"
    assert len(offered(street, "gamma")) == 1


def test_a_recall_goes_on_although_the_node_between_has_given_its_copy_up(street: Town) -> None:
    """The origin does not know the last node, so that only the chain reaches it."""
    alpha, beta = street.nodes["alpha"], street.nodes["beta"]
    received, directive = received_by_alpha(street, "samePurpose")
    made(pass_on(street, "alpha", received, "gamma"))
    last = collected(street, "gamma")
    street.work()
    with transaction(beta.node.engine) as conn:
        conn.execute(delete(t.partner).where(t.partner.c.node_id == node_id(street, "gamma")))
    path = f"/v1/received-releases/{received['receivedReleaseId']}/erasure"
    assert made(alpha.call("releaseOfficer", "POST", path), 200)["state"] == "erased"
    assert held(street, "gamma", last)["state"] == "active"
    made(beta.call("registrar", "POST", f"/v1/directives/{directive}/withdrawals", {}))
    assert held(street, "gamma", last)["state"] == "erased"


def test_an_offer_of_which_nothing_is_left_shows_as_withdrawn(street: Town) -> None:
    alpha, gamma = street.nodes["alpha"], street.nodes["gamma"]
    received, _ = received_by_alpha(street, "samePurpose")
    made(pass_on(street, "alpha", received, "gamma"))
    (request,) = offered(street, "gamma")
    path = f"{REQUESTS}/{request}"
    assert made(gamma.call("caseWorker", "GET", path), 200)["status"]["state"] == "approved"
    erasure = f"/v1/received-releases/{received['receivedReleaseId']}/erasure"
    made(alpha.call("releaseOfficer", "POST", erasure), 200)
    assert made(gamma.call("caseWorker", "GET", path), 200)["status"]["state"] == "withdrawn"
