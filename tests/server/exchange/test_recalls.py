"""Two nodes: the recall, whom it reaches, and its receipt."""

from typing import Any

import pytest
from mpex_server.kit import jws
from mpex_server.oauth import clients
from mpex_server.peers.client import Peers
from mpex_server.peers.errors import UnreachableError
from mpex_server.peers.wire import Answer
from mpex_server.recalls import delivery
from mpex_server.storage import tables as t
from mpex_server.storage.engine import transaction
from sqlalchemy import select

from tests.server.exchange.town import (
    RECEIVED,
    REQUESTS,
    SEARCHES,
    Town,
    made,
    node_id,
    partner_search,
    permit,
    record,
    released,
    sought,
)
from tests.server.records import samples

Body = dict[str, Any]


def test_a_withdrawal_at_the_holder_erases_what_the_asker_received(town: Town) -> None:
    alpha, beta = town.nodes["alpha"], town.nodes["beta"]
    received, _, directive = released(town)
    made(beta.call("registrar", "POST", f"/v1/directives/{directive}/withdrawals", {"reason": "Own wish."}))
    (recall,) = made(beta.call("caseWorker", "GET", "/v1/recalls"), 200)["items"]
    (recipient,) = recall["recipients"]
    assert (recipient["state"], recipient["overdue"]) == ("pending", False)
    assert recipient["reference"] == received["release"]
    assert recipient["dueAt"] == "2026-11-23T10:00:00Z"
    assert town.deliver() == 2
    shown = made(alpha.call("caseWorker", "GET", f"{RECEIVED}/{received['receivedReleaseId']}"), 200)
    assert shown["state"] == "erased"
    assert "disclosures" not in shown
    done = made(beta.call("caseWorker", "GET", f"/v1/recalls/{recall['recallId']}"), 200)["recipients"][0]
    assert (done["state"], done["outcome"]) == ("acknowledged", "erased")
    claims = jws.parse(done["receipt"]).claims
    receipt = claims["events"]["urn:mpex:event:receipt"]
    assert receipt["backupsExpireAt"] == "2026-11-28T10:00:00Z"
    assert len(receipt["leafHash"]) == 43
    with transaction(alpha.node.engine) as conn:
        kept = conn.execute(select(t.document.c.body).where(t.document.c.kind == "receivedData")).scalar_one()
        assert kept == b""
        assert conn.execute(select(t.outbox.c.body)).scalar_one() == b""


def test_a_withdrawal_at_the_asker_recalls_the_query(town: Town) -> None:
    alpha, beta = town.nodes["alpha"], town.nodes["beta"]
    living = record(beta, permit(beta, sets=["identity"]), type="foundAlive")
    person, directive = sought(town)
    assert partner_search(town, person)["results"][0]["result"]["outcome"] == "noHit"
    (task,) = made(beta.call("caseWorker", "GET", "/v1/tasks"), 200)["items"]
    made(alpha.call("registrar", "POST", f"/v1/directives/{directive}/withdrawals", {}))
    town.deliver()
    assert made(beta.call("caseWorker", "GET", "/v1/tasks"), 200)["items"] == []
    choice = {"mayTell": "contact", "decidedBy": "person", "task": task["taskId"]}
    refused = beta.call("caseWorker", "POST", f"/v1/persons/{living}/choice", choice)
    assert (refused.status_code, refused.json()["type"]) == (409, "urn:mpex:problem:conflict")
    with transaction(beta.node.engine) as conn:
        assert conn.scalar(select(t.document.c.body).where(t.document.c.kind == "keptQuery")) == b""


def lose_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every search reach the partner, and its answer nobody."""
    call = Peers.call

    def lost(self: Peers, *arguments: Any, **options: Any) -> Answer:
        if arguments[2] != "/v1/searches":
            return call(self, *arguments, **options)
        call(self, *arguments, **options)
        raise UnreachableError("the answer is lost")

    monkeypatch.setattr(Peers, "call", lost)


def test_a_query_whose_answer_was_lost_is_recalled(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    alpha, beta = town.nodes["alpha"], town.nodes["beta"]
    record(beta, permit(beta, sets=["identity"]), type="foundAlive")
    person, directive = sought(town)
    lose_answers(monkeypatch)
    assert partner_search(town, person)["results"][0]["state"] == "unreachable"
    assert len(made(beta.call("caseWorker", "GET", "/v1/tasks"), 200)["items"]) == 1
    made(alpha.call("registrar", "POST", f"/v1/directives/{directive}/withdrawals", {}))
    town.deliver()
    assert made(beta.call("caseWorker", "GET", "/v1/tasks"), 200)["items"] == []
    with transaction(beta.node.engine) as conn:
        assert conn.scalar(select(t.document.c.body).where(t.document.c.kind == "keptQuery")) == b""


def test_one_choice_answers_every_like_query_that_was_not_recalled(town: Town) -> None:
    alpha, beta = town.nodes["alpha"], town.nodes["beta"]
    living = record(beta, permit(beta, sets=["identity"]), type="foundAlive")
    asked = [sought(town) for _ in range(3)]
    searches = [partner_search(town, person)["partnerSearchId"] for person, _ in asked]
    made(alpha.call("registrar", "POST", f"/v1/directives/{asked[0][1]}/withdrawals", {}))
    town.deliver()
    (task,) = made(beta.call("caseWorker", "GET", "/v1/tasks"), 200)["items"]
    choice = {"mayTell": "aliveOnly", "decidedBy": "person", "task": task["taskId"]}
    made(beta.call("caseWorker", "POST", f"/v1/persons/{living}/choice", choice))
    town.deliver()
    told = [made(alpha.call("caseWorker", "GET", f"{SEARCHES}/{name}"), 200)["news"] for name in searches]
    assert [len(news) for news in told] == [0, 1, 1]
    with transaction(beta.node.engine) as conn:
        kept = conn.scalars(select(t.document.c.body).where(t.document.c.kind == "keptQuery")).all()
    assert kept == [b"", b"", b""]


@pytest.mark.parametrize("suspended", ["alpha", "beta"])
def test_a_recall_comes_to_its_end_with_a_partner_that_was_suspended(town: Town, suspended: str) -> None:
    """Whichever of the two has suspended the other: the recall, the erasure and the receipt."""
    alpha, beta = town.nodes["alpha"], town.nodes["beta"]
    received, _, directive = released(town)
    by = beta if suspended == "alpha" else alpha
    with transaction(by.node.engine) as conn:
        assert clients.suspend_partner(conn, node_id(town, suspended), at="2026-11-21T10:00:00Z")
    made(beta.call("registrar", "POST", f"/v1/directives/{directive}/withdrawals", {}))
    town.deliver()
    shown = made(alpha.call("caseWorker", "GET", f"{RECEIVED}/{received['receivedReleaseId']}"), 200)
    assert shown["state"] == "erased"
    (recall,) = made(beta.call("caseWorker", "GET", "/v1/recalls"), 200)["items"]
    assert recall["recipients"][0]["state"] == "acknowledged"


def test_a_request_is_not_followed_at_a_partner_that_is_trusted_no_more(town: Town) -> None:
    """As at one that is out of reach: nothing of what the case worker sends is at fault."""
    alpha = town.nodes["alpha"]
    released(town)
    with transaction(alpha.node.engine) as conn:
        assert clients.suspend_partner(conn, node_id(town, "beta"), at="2026-11-21T10:00:00Z")
        of_kind = select(t.document.c.id).where(t.document.c.kind == "partnerReleaseRequest")
        path = f"{REQUESTS}/{conn.scalar(of_kind)}"
    town.sent.clear()
    for method, place in (("GET", path), ("POST", f"{path}/collection")):
        answer = made(alpha.call("caseWorker", method, place), 502)
        assert answer["type"] == "urn:mpex:problem:partnerFailed"
    assert town.sent == []


@pytest.mark.parametrize(
    ("authority", "purpose", "recalled"),
    [
        ("self", "searchLiving", True),
        ("self", "familyReunification", False),
        ("enquirer", "searchLiving", False),
    ],
)
def test_what_a_new_directive_denies_is_recalled(
    town: Town, authority: str, purpose: str, recalled: bool
) -> None:
    """The person's own no calls back what was told; that of an enquirer speaks for its contribution only."""
    alpha, beta = town.nodes["alpha"], town.nodes["beta"]
    received, _, _ = released(town)
    denies = [{"effect": "deny", "purposes": [purpose]}]
    denial = samples.directive(grants=denies, givenBy={"authority": authority})
    directive = made(beta.call("registrar", "POST", "/v1/directives", denial))["directiveId"]
    (held,) = made(beta.call("registrar", "GET", "/v1/persons"), 200)["items"]
    path = f"/v1/persons/{held['recordId']}"
    tag = beta.call("registrar", "GET", path).headers["etag"]
    entry = samples.contribution(directive=directive, sections={"summary": {"sex": "female"}})
    body = held | {"contributions": [*held["contributions"], entry]}
    made(beta.call("registrar", "PUT", path, body, match=tag), 200)
    town.deliver()
    shown = made(alpha.call("caseWorker", "GET", f"{RECEIVED}/{received['receivedReleaseId']}"), 200)
    assert (shown["state"] == "erased") is recalled
    assert len(made(beta.call("caseWorker", "GET", "/v1/recalls"), 200)["items"]) == recalled


@pytest.mark.parametrize("other", [True, False])
def test_a_contribution_stays_under_its_directive(town: Town, other: bool) -> None:
    alpha = town.nodes["alpha"]
    person, directive = sought(town)
    made(alpha.call("registrar", "POST", f"/v1/directives/{directive}/withdrawals", {}))
    response = alpha.call("registrar", "GET", f"/v1/persons/{person}")
    (entry,) = response.json()["contributions"]
    del entry["directive"]
    moved = entry | ({"directive": permit(alpha, sets=["identity"])} if other else {})
    body, tag = response.json() | {"contributions": [moved]}, response.headers["etag"]
    refused = alpha.call("registrar", "PUT", f"/v1/persons/{person}", body, match=tag)
    assert (refused.status_code, samples.pointers(refused)) == (422, ["/contributions/0/directive"])
    anew = {name: value for name, value in moved.items() if name != "contributionId"}
    body["contributions"] = [anew]
    made(alpha.call("registrar", "PUT", f"/v1/persons/{person}", body, match=tag), 200)


def test_a_partner_out_of_reach_is_tried_once_for_all_that_waits_for_it(town: Town) -> None:
    alpha = town.nodes["alpha"]
    for _ in range(3):
        person, directive = sought(town)
        partner_search(town, person)
        made(alpha.call("registrar", "POST", f"/v1/directives/{directive}/withdrawals", {}))
    town.down.add("beta")
    assert [delivery.deliver(alpha.node) for _ in range(2)] == [1, 0]
    town.down.clear()
    town.wait(seconds=1)
    assert town.deliver() == 6
    recalls = made(alpha.call("caseWorker", "GET", "/v1/recalls"), 200)["items"]
    assert {recall["recipients"][0]["state"] for recall in recalls} == {"acknowledged"}


def test_a_withdrawal_for_one_purpose_recalls_only_what_was_for_it(town: Town) -> None:
    beta = town.nodes["beta"]
    _, _, directive = released(town)
    path = f"/v1/directives/{directive}/withdrawals"
    made(beta.call("registrar", "POST", path, {"purposes": ["identifyDeceased"]}, purpose="searchLiving"))
    assert made(beta.call("caseWorker", "GET", "/v1/recalls"), 200)["items"] == []
    answer = made(beta.call("registrar", "POST", path, {"purposes": ["searchLiving"]}))
    assert [entry["purposes"] for entry in answer["withdrawals"]] == [["identifyDeceased"], ["searchLiving"]]
    (recall,) = made(beta.call("caseWorker", "GET", "/v1/recalls"), 200)["items"]
    assert (recall["cause"], recall["purposes"]) == ("withdrawal", ["searchLiving"])


def test_a_recall_outlives_an_outage_and_shows_when_it_is_overdue(town: Town) -> None:
    alpha, beta = town.nodes["alpha"], town.nodes["beta"]
    received, _, directive = released(town)
    town.down.add("alpha")
    made(beta.call("registrar", "POST", f"/v1/directives/{directive}/withdrawals", {}))
    assert town.deliver() == 1
    assert town.deliver() == 0
    assert made(beta.call("releaseOfficer", "GET", "/v1/tasks"), 200)["items"] == []
    town.wait(days=3)
    (recall,) = made(beta.call("caseWorker", "GET", "/v1/recalls"), 200)["items"]
    assert recall["recipients"][0]["overdue"] is True
    (task,) = made(beta.call("releaseOfficer", "GET", "/v1/tasks"), 200)["items"]
    assert (task["kind"], task["subject"]) == ("overdueRecall", recall["recallId"])
    assert town.deliver() == 1
    town.down.clear()
    town.wait(seconds=10)
    assert town.deliver() == 2
    assert made(beta.call("releaseOfficer", "GET", "/v1/tasks"), 200)["items"] == []
    shown = made(alpha.call("caseWorker", "GET", f"{RECEIVED}/{received['receivedReleaseId']}"), 200)
    assert shown["state"] == "erased"


def test_a_partner_that_answers_late_holds_up_no_other_for_long(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each of its events takes twenty seconds; the third waits for the next time."""
    beta = town.nodes["beta"]
    for _ in range(4):
        directive = released(town)[2]
        made(
            beta.call("registrar", "POST", f"/v1/directives/{directive}/withdrawals", {"reason": "Own wish."})
        )
    call = Peers.call

    def late(*given: Any, **said: Any) -> Answer:
        beta.clock._monotonic += 20
        return call(*given, **said)

    monkeypatch.setattr(Peers, "call", late)
    assert [delivery.deliver(beta.node) for _ in range(3)] == [2, 2, 0]
