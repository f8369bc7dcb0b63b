"""What is contested bears a mark at every node that holds it, for as long as it is (CASE-023 to CASE-025)."""

from tests.server.exchange.town import Body, Town, made, released
from tests.server.records import samples

SINCE: Body = {
    "openedBy": "enquirer",
    "since": "2026-11-21T08:00:00Z",
    "reason": "Her sister says otherwise.",
}


def contest(town: Town, received: Body, dispute: Body | None, *, at: str = "beta") -> None:
    custodian, path = town.nodes[at], f"/v1/persons/{received['record']}"
    read = custodian.call("registrar", "GET", path)
    body = {name: value for name, value in read.json().items() if name != "dispute"}
    body |= {"dispute": dispute} if dispute else {"changeCode": "disputeRejected"}
    made(custodian.call("registrar", "PUT", path, body, headers={"If-Match": read.headers["etag"]}), 200)
    town.deliver()


def disputed(town: Town, received: Body) -> bool:
    path = f"/v1/received-releases/{received['receivedReleaseId']}"
    shown = made(town.nodes["alpha"].call("caseWorker", "GET", path), 200)
    assert shown["state"] == "active"
    assert "sister" not in str(shown)
    return bool(shown.get("disputed", False))


def test_the_mark_goes_with_the_dispute_and_comes_again_with_the_next(town: Town) -> None:
    received, _, _ = released(town)
    assert not disputed(town, received)
    for dispute in (SINCE, None, SINCE, None):
        contest(town, received, dispute)
        assert disputed(town, received) is (dispute is not None)


def test_a_change_of_what_is_contested_is_told_to_nobody(town: Town) -> None:
    received, _, _ = released(town)
    contest(town, received, SINCE)
    sent = len(town.sent)
    contest(town, received, SINCE | {"reason": "So does her mother."})
    assert len(town.sent) == sent


def test_an_end_that_comes_while_the_recipient_is_away_comes_after_the_mark(town: Town) -> None:
    received, _, _ = released(town)
    town.down.add("alpha")
    contest(town, received, SINCE)
    contest(town, received, None)
    town.down.clear()
    town.wait(hours=2)
    town.work()
    assert not disputed(town, received)
    contest(town, received, SINCE)
    assert disputed(town, received)
    body = {"record": received["record"], "cause": "dispute"}
    again = town.nodes["beta"].call("releaseOfficer", "POST", "/v1/recalls", body)
    assert samples.refusal(again) == (409, "conflict")


def test_a_dispute_gives_way_to_another_with_its_outcome_only(town: Town) -> None:
    received, _, _ = released(town)
    contest(town, received, SINCE)
    beta, path = town.nodes["beta"], f"/v1/persons/{received['record']}"
    (first,) = made(beta.call("caseWorker", "GET", "/v1/tasks?kind=dispute"), 200)["items"]
    read = beta.call("registrar", "GET", path)
    tag = {"If-Match": read.headers["etag"]}
    another = read.json() | {"dispute": SINCE | {"openedBy": "person"}}
    refused = beta.call("registrar", "PUT", path, another, headers=tag)
    assert samples.refusal(refused) == (422, "ruleViolation")
    sent = len(town.sent)
    made(beta.call("registrar", "PUT", path, another | {"changeCode": "disputeRejected"}, headers=tag), 200)
    town.deliver()
    assert len(town.sent) == sent
    assert disputed(town, received)
    (second,) = made(beta.call("caseWorker", "GET", "/v1/tasks?kind=dispute"), 200)["items"]
    assert first["taskId"] != second["taskId"]
