"""What a recall does at the recipient follows its cause, and the recipient learns no cause."""

from typing import Any

import pytest
from mpex_server.disclosures.work import OwnWork
from mpex_server.domain import recall as rules
from mpex_server.kit.clock import instant
from mpex_server.kit.ids import new_id
from mpex_server.oauth import clients
from mpex_server.partner_release_requests import service
from mpex_server.recalls import causes, outbox
from mpex_server.storage import tables as t
from mpex_server.storage.documents import Documents
from mpex_server.storage.engine import transaction
from sqlalchemy import select

from tests.server.exchange.test_disputes import SINCE, contest, disputed
from tests.server.exchange.town import REQUESTS, Town, made, node_id, released
from tests.server.records import samples
from tests.server.world import START, World

Body = dict[str, Any]


def held(town: Town, received: Body) -> Body:
    """Return a received release as alpha shows it now, after all events."""
    town.work()
    path = f"/v1/received-releases/{received['receivedReleaseId']}"
    return made(town.nodes["alpha"].call("caseWorker", "GET", path), 200)


def recalls(world: World, state: str = "complete") -> list[Body]:
    """Return the recalls in a state."""
    return list(made(world.call("caseWorker", "GET", f"/v1/recalls?state={state}"), 200)["items"])


def declare(town: Town, received: Body, cause: str) -> Body:
    """Call back at beta what alpha received."""
    body = {"record": received["record"], "cause": cause}
    return made(town.nodes["beta"].call("releaseOfficer", "POST", "/v1/recalls", body))


def correct(town: Town, received: Body, node: str = "beta") -> None:
    """Put a right name in the place of a wrong one."""
    custodian, path = town.nodes[node], f"/v1/persons/{received['record']}"
    shown = custodian.call("registrar", "GET", path)
    body, tag = made(shown, 200), {"If-Match": shown.headers["etag"]}
    body["contributions"][0]["sections"]["names"] = {"names": [{"text": "Fictia Examplová Opravená"}]}
    made(custodian.call("registrar", "PUT", path, body, headers=tag), 200)


@pytest.mark.parametrize(
    ("cause", "state", "outcome"),
    [
        ("dispute", "active", "marked"),
        ("resolution", "restricted", "restricted"),
        ("missedReview", "restricted", "restricted"),
    ],
)
def test_what_staff_declare_has_the_effect_of_its_cause(
    town: Town, cause: str, state: str, outcome: str
) -> None:
    received, _, directive = released(town)
    assert declare(town, received, cause)["recipients"][0]["state"] == "pending"
    shown = held(town, received)
    assert (shown["state"], shown.get("disputed", False)) == (state, cause == "dispute")
    assert ("disclosures" in shown) is (state == "active")
    (recall,) = recalls(town.nodes["beta"])
    assert recall["recipients"][0]["outcome"] == outcome

    # A weaker cause asks nothing more, and a withdrawal still reaches what was only marked or restricted.
    again = town.nodes["beta"].call(
        "releaseOfficer", "POST", "/v1/recalls", {"record": received["record"], "cause": "dispute"}
    )
    assert samples.refusal(again) == (409, "conflict")
    made(town.nodes["beta"].call("registrar", "POST", f"/v1/directives/{directive}/withdrawals", {}))
    assert held(town, received)["state"] == "erased"
    outcomes = {entry["recipients"][0]["outcome"] for entry in recalls(town.nodes["beta"])}
    assert outcomes == {outcome, "erased"}


@pytest.mark.parametrize("cause", ["withdrawal", "correction", "erasure", "trustLost"])
def test_staff_declare_no_cause_that_follows_from_what_happens(town: Town, cause: str) -> None:
    received, _, _ = released(town)
    body = {"record": received["record"], "cause": cause}
    refused = town.nodes["beta"].call("releaseOfficer", "POST", "/v1/recalls", body)
    assert samples.refusal(refused) == (422, "ruleViolation")


def test_what_is_collected_anew_while_it_is_contested_bears_the_mark(town: Town) -> None:
    received, _, _ = released(town)
    contest(town, received, SINCE)
    (request,) = _requests(town)
    anew = made(town.nodes["alpha"].call("caseWorker", "POST", f"{REQUESTS}/{request}/collection"))
    assert disputed(town, anew)
    contest(town, received, None)
    assert not disputed(town, anew)


def test_a_corrected_version_takes_the_place_of_the_wrong_one(town: Town) -> None:
    alpha = town.nodes["alpha"]
    received, _, _ = released(town)
    correct(town, received)
    shown = held(town, received)
    assert (shown["state"], shown["supersededBy"], "disclosures" in shown) == ("restricted", 2, False)

    (request,) = _requests(town)
    anew = made(alpha.call("caseWorker", "POST", f"{REQUESTS}/{request}/collection"))
    assert "Opravená" in str(anew["disclosures"]["names"])
    assert held(town, received)["state"] == "erased"


def _requests(town: Town) -> list[str]:
    node = town.nodes["alpha"].node
    with transaction(node.engine, write=False) as conn:
        found = Documents(conn, node.keys, node.clock).listing(service.KIND, limit=9)
    return [document.id for document in found]


def test_what_a_law_keeps_is_restricted_and_erased_when_the_law_ends(town: Town) -> None:
    alpha, beta = town.nodes["alpha"], town.nodes["beta"]
    received, _, directive = released(town)
    path = f"/v1/received-releases/{received['receivedReleaseId']}"
    duty = {"reason": "courtOrder", "reviewDate": "2027-03-01"}
    made(alpha.call("releaseOfficer", "POST", f"{path}/retention", duty), 200)
    made(beta.call("registrar", "POST", f"/v1/directives/{directive}/withdrawals", {}))
    shown = held(town, received)
    assert (shown["state"], "disclosures" in shown) == ("restricted", False)
    (recall,) = recalls(beta)
    assert {name: recall["recipients"][0][name] for name in duty} == duty
    assert recall["recipients"][0]["outcome"] == "retainedByLaw"

    town.wait(days=101)
    shown = held(town, received)
    assert shown["state"] == "restricted"
    tasks = made(alpha.call("releaseOfficer", "GET", "/v1/tasks"), 200)["items"]
    assert [task["subject"] for task in tasks if task["kind"] == "retentionReview"] == [
        received["receivedReleaseId"]
    ]
    made(alpha.call("releaseOfficer", "POST", f"{path}/erasure"), 200)
    assert held(town, received)["state"] == "erased"
    (recall,) = recalls(beta)
    assert recall["recipients"][0]["outcome"] == "erased"
    assert "reviewDate" not in recall["recipients"][0]


@pytest.mark.parametrize("review", ["2026-11-21", "2020-01-01", "2027-11-22"])
def test_a_duty_is_looked_at_again_within_a_year(town: Town, review: str) -> None:
    received, _, _ = released(town)
    path = f"/v1/received-releases/{received['receivedReleaseId']}/retention"
    refused = town.nodes["alpha"].call(
        "releaseOfficer", "POST", path, {"reason": "archiveLaw", "reviewDate": review}
    )
    assert samples.refusal(refused) == (422, "ruleViolation")


def test_whoever_loses_trust_is_called_back_and_heard_no_more(town: Town) -> None:
    alpha, beta = town.nodes["alpha"], town.nodes["beta"]
    received, _, _ = released(town)
    with transaction(beta.node.engine) as conn:
        clients.suspend_partner(conn, node_id(town, "alpha"), at=instant(START))
        work = OwnWork(conn, beta.node.keys, beta.node.clock, beta.node.settings)
        causes.lose_trust(work, node_id(town, "alpha"))
        causes.lose_trust(work, node_id(town, "alpha"))
    with transaction(alpha.node.engine) as conn:
        news = {"searchId": new_id("search"), "choice": "aliveOnly"}
        outbox.enqueue(
            OwnWork(conn, alpha.node.keys, alpha.node.clock, alpha.node.settings),
            partner=node_id(town, "beta"),
            event_type="news",
            subject=news["searchId"],
            purpose="searchLiving",
            event=news,
        )
    assert held(town, received)["state"] == "erased"
    (recall,) = recalls(beta)
    assert (recall["cause"], recall["recipients"][0]["outcome"]) == ("trustLost", "erased")
    with transaction(beta.node.engine, write=False) as conn:
        taken = set(conn.scalars(select(t.inbox.c.event_type)))
    assert taken == {"receipt"}


def test_recalls_are_overdue_after_two_days(town: Town) -> None:
    beta = town.nodes["beta"]
    received, _, _ = released(town)
    town.down.add("alpha")
    declare(town, received, "dispute")
    town.work()
    town.wait(hours=47)
    assert (len(recalls(beta, "open")), recalls(beta, "overdue")) == (1, [])
    town.wait(hours=1)
    (late,) = recalls(beta, "overdue")
    assert late["recipients"][0]["overdue"] is True
    town.down.clear()
    town.wait(hours=2)
    town.work()
    assert recalls(beta, "overdue") == []


def test_causes_of_one_notice_look_alike() -> None:
    for notice in rules.EFFECTS:
        assert rules.NOTICES[rules.cause_of(notice)] == notice
    assert rules.NOTICES["withdrawal"] == rules.NOTICES["erasure"] == rules.NOTICES["trustLost"]
    assert rules.NOTICES["resolution"] == rules.NOTICES["missedReview"]
