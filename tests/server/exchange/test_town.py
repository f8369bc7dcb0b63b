"""Two nodes: the query that is a disclosure, the release, the recall and its receipt, the silent hit."""

from pathlib import Path
from typing import Any

import pytest
from mpex_server.disclosures import repository as disclosed
from mpex_server.disclosures.work import OwnWork
from mpex_server.http import logs
from mpex_server.kit import jws
from mpex_server.kit.clock import instant
from mpex_server.oauth import clients
from mpex_server.partner_release_requests import service as partner_requests
from mpex_server.peers.client import Peers
from mpex_server.peers.errors import UnreachableError
from mpex_server.peers.wire import Answer
from mpex_server.recalls import delivery
from mpex_server.received_releases import service as received_releases
from mpex_server.received_releases.retention import erase_expired
from mpex_server.release_requests import sealing
from mpex_server.storage import tables as t
from mpex_server.storage.engine import transaction
from sqlalchemy import make_url, select

from tests.server.exchange.town import (
    REQUESTS,
    SEARCHES,
    SECTIONS,
    Town,
    made,
    node_id,
    partner_search,
    permit,
    record,
    released,
    sealed,
    sought,
)
from tests.server.records import samples
from tests.server.world import START, World

Body = dict[str, Any]
PLANTED_TEXTS = (
    "Fictia",
    "Examplov",
    "2003-04-05",
    "Invented words",
    "description fits",
    "Tent of the tests",
)
RECEIVED = "/v1/received-releases"


def test_a_query_goes_out_as_far_as_consent_permits_and_is_on_record(town: Town) -> None:
    alpha, beta = town.nodes["alpha"], town.nodes["beta"]
    person, directive = sought(town)
    record(beta, permit(beta, sets=["identity"]))
    found = partner_search(town, person)
    (result,) = found["results"]
    assert result["state"] == "answered"
    assert result["sentCategories"] == ["birth", "names", "summary"]
    assert result["result"]["outcome"] == "possibleHit"
    with transaction(alpha.node.engine) as conn:
        (row,) = conn.execute(select(t.disclosure)).all()
    assert (row.kind, row.document_id, row.directive_ids) == ("query", person, directive)
    assert (row.partner, row.reference_id) == (node_id(town, "beta"), result["result"]["searchId"])
    shown = made(alpha.call("caseWorker", "GET", f"{SEARCHES}/{found['partnerSearchId']}"), 200)
    assert shown == found
    assert made(alpha.call("caseWorker", "GET", SEARCHES), 200)["items"] == [found]
    assert alpha.events()[-4:-2] == ["query", "queryAnswered"]


def test_nothing_is_sent_where_consent_permits_nothing(town: Town) -> None:
    person, _ = sought(town, doNotShareWith=[{"recipientClass": "forensic"}])
    found = partner_search(town, person)
    assert found["results"] == [
        {"partner": node_id(town, "beta"), "state": "withheld", "withheldReasons": ["doNotShareWith"]}
    ]
    assert town.sent == []


def test_contact_never_goes_into_a_query(town: Town) -> None:
    person = record(town.nodes["alpha"], permit(town.nodes["alpha"], sets=["identity", "contact"]))
    assert "contact" not in partner_search(town, person)["results"][0]["sentCategories"]


def test_a_partner_out_of_reach_is_told_as_such_and_stays_on_record(town: Town) -> None:
    person, _ = sought(town)
    town.down.add("beta")
    assert partner_search(town, person)["results"][0]["state"] == "unreachable"
    with transaction(town.nodes["alpha"].node.engine) as conn:
        assert len(conn.execute(select(t.disclosure)).all()) == 1


def test_an_answer_that_the_partner_did_not_sign_is_no_answer(town: Town) -> None:
    alpha = town.nodes["alpha"]
    person, _ = sought(town)
    stranger = town.entry("alpha")["jwks"]
    town.register(alpha, town.entry("beta", recipientClass="forensic", jwks=stranger))
    assert partner_search(town, person)["results"][0]["state"] == "unreachable"


def test_the_same_search_is_sent_once(town: Town) -> None:
    alpha = town.nodes["alpha"]
    person, _ = sought(town)
    body = {
        "person": person,
        "purpose": "searchLiving",
        "legalBasis": "consent",
        "caseReference": "case-1",
        "releaseSet": "identity",
        "partners": [node_id(town, "beta")],
    }
    one, two = (made(alpha.call("caseWorker", "POST", SEARCHES, body, key="s" * 20)) for _ in range(2))
    assert one == two
    assert town.sent.count(("beta", "/v1/searches")) == 1


@pytest.mark.parametrize(
    ("member", "value", "pointer"),
    [
        ("person", "person:" + "a" * 26, "/person"),
        ("partners", ["node:" + "a" * 26], "/partners/0"),
    ],
)
def test_unknown_persons_and_partners_are_named(town: Town, member: str, value: Any, pointer: str) -> None:
    person, _ = sought(town)
    body = {
        "person": person,
        "purpose": "searchLiving",
        "legalBasis": "consent",
        "caseReference": "case-1",
        "releaseSet": "identity",
        "partners": [node_id(town, "beta")],
        member: value,
    }
    refused = town.nodes["alpha"].call("caseWorker", "POST", SEARCHES, body)
    assert (refused.status_code, samples.pointers(refused)) == (422, [pointer])


def test_what_was_released_arrives_and_is_used_for_its_purpose_only(town: Town) -> None:
    alpha = town.nodes["alpha"]
    received, _, _ = released(town)
    assert received["state"] == "active"
    assert received["from"] == node_id(town, "beta")
    assert received["validUntil"] == "2026-12-21T10:00:00Z"
    names = received["disclosures"]["names"]["values"][0]["value"]["names"]
    assert names == SECTIONS["names"]["names"]
    path = f"{RECEIVED}/{received['receivedReleaseId']}"
    assert made(alpha.call("caseWorker", "GET", path), 200) == received
    other = alpha.call("caseWorker", "GET", path, purpose="familyReunification")
    assert (other.status_code, other.json()["type"]) == (403, "urn:mpex:problem:purposeNotAllowed")
    (listed,) = made(alpha.call("caseWorker", "GET", RECEIVED), 200)["items"]
    assert "disclosures" not in listed
    assert listed["state"] == "active"


def test_data_past_their_validity_are_shown_no_more_and_erased(town: Town) -> None:
    alpha = town.nodes["alpha"]
    received, _, _ = released(town)
    assert erase_expired(alpha.node) == 0
    town.wait(days=30)
    path = f"{RECEIVED}/{received['receivedReleaseId']}"
    shown = made(alpha.call("caseWorker", "GET", path), 200)
    assert shown["state"] == "expired"
    assert "disclosures" not in shown
    assert erase_expired(alpha.node) == 1
    with transaction(alpha.node.engine) as conn:
        states = set(conn.scalars(select(t.document.c.status).where(t.document.c.kind == "receivedData")))
    assert states == {"erased"}
    assert alpha.events()[-1] == "erasure"


def test_expired_data_are_erased_in_small_batches(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    node = town.nodes["alpha"].node
    monkeypatch.setattr(received_releases, "SWEEP", 2)
    claims = {
        "purpose": "searchLiving",
        "caseReference": "case-1",
        "validUntil": "2026-11-22T10:00:00Z",
        "obligations": {"deleteBy": "2026-11-22T10:00:00Z"},
        "iss": node_id(town, "beta"),
        "origin": {"custodian": node_id(town, "beta"), "record": "person:" + 26 * "a", "version": 1},
    }
    with transaction(node.engine) as conn:
        work = OwnWork(conn, node.keys, node.clock, node.settings)
        for number in range(3):
            release = {"statement": "", "proof": "", "disclosures": {}}
            received_releases.keep(
                work, node_id(town, "beta"), release, claims | {"jti": f"release:{number}"}
            )
    assert erase_expired(node) == 0
    town.wait(days=1)
    assert [erase_expired(node) for _ in range(3)] == [2, 1, 0]


def test_a_hit_of_another_search_is_refused_before_anything_is_sent(town: Town) -> None:
    alpha = town.nodes["alpha"]
    person, _ = sought(town)
    found = partner_search(town, person)
    body = {
        "partnerSearch": found["partnerSearchId"],
        "partner": node_id(town, "beta"),
        "hitReference": "A" * 100,
        "releaseSet": "identity",
        "reason": "A guess.",
    }
    before = len(town.sent)
    refused = alpha.call("caseWorker", "POST", REQUESTS, body)
    assert (refused.status_code, samples.pointers(refused)) == (422, ["/hitReference"])
    assert len(town.sent) == before


def test_a_release_request_that_failed_can_be_repeated(town: Town) -> None:
    alpha, beta = town.nodes["alpha"], town.nodes["beta"]
    person, _ = sought(town)
    record(beta, permit(beta, sets=["identity"]))
    found = partner_search(town, person)
    body = {
        "partnerSearch": found["partnerSearchId"],
        "partner": node_id(town, "beta"),
        "hitReference": found["results"][0]["result"]["hits"][0]["reference"],
        "releaseSet": "identity",
        "reason": "The description fits.",
    }
    town.down.add("beta")
    failed = alpha.call("caseWorker", "POST", REQUESTS, body, key="q" * 20)
    assert (failed.status_code, failed.json()["type"]) == (502, "urn:mpex:problem:partnerFailed")
    town.down.clear()
    one, two = (made(alpha.call("caseWorker", "POST", REQUESTS, body, key="q" * 20)) for _ in range(2))
    assert one == two
    assert len(made(beta.call("releaseOfficer", "GET", "/v1/release-cases"), 200)["items"]) == 1


def test_a_repetition_that_is_quicker_than_the_first_is_no_failure(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The partner is slow; the client repeats its request, and the repetition is answered first."""
    alpha, beta, ask = town.nodes["alpha"], town.nodes["beta"], partner_requests.ask
    person, _ = sought(town)
    record(beta, permit(beta, sets=["identity"]))
    found = partner_search(town, person)
    stored: list[str] = []

    def slow(peers: Peers, request_id: str, sent: partner_requests.Message) -> Body:
        status = ask(peers, request_id, sent)
        with transaction(alpha.node.engine) as conn:
            work = OwnWork(conn, alpha.node.keys, alpha.node.clock, alpha.node.settings)
            stored.append(partner_requests.store(work, request_id, sent, status).id)
        return status

    monkeypatch.setattr(partner_requests, "ask", slow)
    body = {
        "partnerSearch": found["partnerSearchId"],
        "partner": node_id(town, "beta"),
        "hitReference": found["results"][0]["result"]["hits"][0]["reference"],
        "releaseSet": "identity",
        "reason": "The description fits.",
    }
    answer = made(alpha.call("caseWorker", "POST", REQUESTS, body))
    assert [answer["partnerReleaseRequestId"]] == stored


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


def test_a_recall_that_overtakes_its_release_keeps_it_out(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The holder withdraws after it has handed out the release and before the asker has stored it."""
    alpha, beta = town.nodes["alpha"], town.nodes["beta"]
    fetch = partner_requests.fetch

    def overtaken(peers: Any, partner: Any, body: Body) -> Body:
        release = fetch(peers, partner, body)
        with transaction(beta.node.engine) as conn:
            directive = conn.scalar(select(t.disclosure.c.directive_ids))
        made(beta.call("registrar", "POST", f"/v1/directives/{directive}/withdrawals", {}))
        delivery.deliver(beta.node)
        return release

    monkeypatch.setattr(partner_requests, "fetch", overtaken)
    with pytest.raises(AssertionError, match="409"):
        released(town)
    town.deliver()
    assert made(alpha.call("caseWorker", "GET", RECEIVED), 200)["items"] == []
    (recall,) = made(beta.call("caseWorker", "GET", "/v1/recalls"), 200)["items"]
    assert recall["recipients"][0]["outcome"] == "erased"


@pytest.mark.parametrize(
    "spoil",
    [
        lambda release: release["disclosures"]["names"]["values"].append({}),
        lambda release: release["disclosures"].update(photo=release["disclosures"].pop("names")),
        lambda release: release.update(statement=release["statement"][:-6] + "AAAAAA"),
        lambda release: release.update(proof=release["statement"]),
        lambda release: release["disclosures"]["names"]["values"][0].update(salt="A" * 23),
        lambda release: release.update(extra=1),
    ],
)
def test_an_unsound_release_is_not_kept(town: Town, monkeypatch: pytest.MonkeyPatch, spoil: Any) -> None:
    alpha = town.nodes["alpha"]

    def spoilt(release: Body, _key: Body) -> Body:
        name = str(jws.parse(release["statement"]).claims["jti"])
        spoil(release)
        return sealed(town, release, name)

    monkeypatch.setattr(sealing, "sealed", spoilt)
    with pytest.raises(AssertionError, match="partnerFailed"):
        released(town)
    assert made(alpha.call("caseWorker", "GET", RECEIVED), 200)["items"] == []


def test_a_token_that_the_partner_takes_no_more_is_renewed(town: Town) -> None:
    alpha = town.nodes["alpha"]
    person, _ = sought(town)
    partner_search(town, person)
    assert town.sent.count(("beta", "/oauth/token")) == 1
    partner_search(town, person)
    assert town.sent.count(("beta", "/oauth/token")) == 1
    tokens = alpha.node.peers._tokens
    tokens.update({key: ("stale", ends) for key, (_, ends) in tokens.items()})
    assert partner_search(town, person)["results"][0]["state"] == "answered"
    assert town.sent.count(("beta", "/oauth/token")) == 2
    town.wait(minutes=10)
    assert partner_search(town, person)["results"][0]["state"] == "answered"


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


def silent_hit(town: Town) -> tuple[Body, str, Body]:
    """Let alpha's search meet a living person at beta; return the search, the person and the task."""
    beta = town.nodes["beta"]
    living = record(beta, permit(beta, sets=["identity"]), type="foundAlive")
    person, _ = sought(town)
    found = partner_search(town, person)
    assert found["results"][0]["result"]["outcome"] == "noHit"
    (task,) = made(beta.call("caseWorker", "GET", "/v1/tasks"), 200)["items"]
    return found, living, task


@pytest.mark.parametrize(
    ("choice", "told"),
    [
        ("contact", {"choice": "contact", "message": "Call the invented office."}),
        ("messageOnly", {"choice": "messageOnly", "message": "Call the invented office."}),
        ("aliveOnly", {"choice": "aliveOnly"}),
        ("nothing", None),
    ],
)
def test_the_asker_learns_only_what_the_person_chose(town: Town, choice: str, told: Body | None) -> None:
    alpha, beta = town.nodes["alpha"], town.nodes["beta"]
    found, living, task = silent_hit(town)
    path = f"/v1/persons/{living}/choice"
    body = {"mayTell": choice, "decidedBy": "person", "task": task["taskId"]}
    body |= {"message": "Call the invented office."}
    made(beta.call("caseWorker", "POST", path, body))
    assert made(beta.call("caseWorker", "GET", "/v1/tasks"), 200)["items"] == []
    assert town.deliver() == (0 if told is None else 1)
    news = made(alpha.call("caseWorker", "GET", f"{SEARCHES}/{found['partnerSearchId']}"), 200)["news"]
    expected = {"partner": node_id(town, "beta"), "at": "2026-11-21T10:00:00Z"}
    assert news == ([] if told is None else [expected | told])
    with transaction(beta.node.engine) as conn:
        assert conn.scalar(select(t.document.c.body).where(t.document.c.kind == "keptQuery")) == b""


def test_a_choice_needs_its_own_task(town: Town) -> None:
    beta = town.nodes["beta"]
    _, living, task = silent_hit(town)
    other = record(beta)
    body = {"mayTell": "nothing", "decidedBy": "person", "task": task["taskId"]}
    assert beta.raw("POST", f"/v1/persons/{living}/choice", json=body).status_code == 401
    assert beta.call("releaseOfficer", "POST", f"/v1/persons/{living}/choice", body).status_code == 403
    refused = beta.call("caseWorker", "POST", f"/v1/persons/{other}/choice", body)
    assert (refused.status_code, samples.pointers(refused)) == (422, ["/task"])
    unknown = beta.call("caseWorker", "POST", f"/v1/persons/person:{'a' * 26}/choice", body)
    assert unknown.status_code == 404


def test_a_family_sees_who_had_what_and_what_became_of_it(town: Town) -> None:
    alpha = town.nodes["alpha"]
    person, directive = sought(town)
    request = samples.search_request(person, directives=[directive])
    request_id = made(alpha.call("registrar", "POST", "/v1/search-requests", request))["requestId"]
    partner_search(town, person)
    path = f"/v1/search-requests/{request_id}/access-report"
    report = made(alpha.call("registrar", "GET", path), 200)
    assert report["entries"] == [
        {
            "at": "2026-11-21T10:00:00Z",
            "recipient": "Node beta",
            "recipientClass": "forensic",
            "kind": "query",
            "purpose": "searchLiving",
            "categories": ["birth", "names", "summary"],
            "state": "active",
        }
    ]
    made(alpha.call("registrar", "POST", f"/v1/directives/{directive}/withdrawals", {}))
    assert made(alpha.call("registrar", "GET", path), 200)["entries"][0]["state"] == "recalled"
    town.deliver()
    (entry,) = made(alpha.call("registrar", "GET", path), 200)["entries"]
    assert entry["state"] == "erased"
    assert jws.parse(entry["receipt"]).claims["iss"] == node_id(town, "beta")
    assert alpha.events()[-1] == "accessReport"


def test_an_access_report_leaves_nobody_out(town: Town) -> None:
    alpha = town.nodes["alpha"]
    person = record(alpha)
    request = made(alpha.call("registrar", "POST", "/v1/search-requests", samples.search_request(person)))
    with transaction(alpha.node.engine) as conn:
        for number in range(1001):
            disclosed.add(
                conn,
                kind="query",
                record=person,
                directives=(),
                partner=node_id(town, "beta"),
                purpose="searchLiving",
                categories=("names",),
                reference=f"search:{number}",
                at=instant(START),
                leaf=f"leaf:{number}",
            )
    path = f"/v1/search-requests/{request['requestId']}/access-report"
    assert len(made(alpha.call("registrar", "GET", path), 200)["entries"]) == 1001


def test_an_access_report_shows_no_other_enquirer_who_named_no_directive(town: Town) -> None:
    alpha = town.nodes["alpha"]
    person, _ = sought(town)
    partner_search(town, person)
    own = permit(alpha, sets=["identity"])
    counts = []
    for named in ([], [own]):
        body = samples.search_request(person, **({"directives": named} if named else {}))
        request = made(alpha.call("registrar", "POST", "/v1/search-requests", body))["requestId"]
        report = alpha.call("registrar", "GET", f"/v1/search-requests/{request}/access-report")
        counts.append(len(made(report, 200)["entries"]))
    assert counts == [0, 0]


def test_an_access_report_shows_no_other_enquirer(town: Town) -> None:
    alpha = town.nodes["alpha"]
    first, second = (permit(alpha, sets=["identity"]) for _ in range(2))
    entries = [
        samples.contribution(directive=first, sections={"names": SECTIONS["names"]}),
        samples.contribution(directive=second, sections={"birth": SECTIONS["birth"]}),
    ]
    person = made(alpha.call("registrar", "POST", "/v1/persons", samples.person(contributions=entries)))[
        "recordId"
    ]
    for directive in (first, second):
        body = samples.search_request(person, directives=[directive])
        made(alpha.call("registrar", "POST", "/v1/search-requests", body))
    made(alpha.call("registrar", "POST", f"/v1/directives/{first}/withdrawals", {}))
    partner_search(town, person)
    reports = []
    for item in made(alpha.call("registrar", "GET", "/v1/search-requests"), 200)["items"]:
        path = f"/v1/search-requests/{item['requestId']}/access-report"
        reports.append((item["directives"], len(made(alpha.call("registrar", "GET", path), 200)["entries"])))
    assert sorted(reports) == sorted([([first], 0), ([second], 1)])


def test_nothing_that_was_exchanged_lies_in_the_clear(
    town: Town, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither in the files or tables of the nodes, nor in what they log, ask for by address, or refuse."""
    logs.configure("debug")
    for node in town.nodes.values():
        node.app._log = logs.AccessLog("debug")
    asked, refused = _overheard(monkeypatch)
    _exchanged(town)
    (kept,) = made(town.nodes["alpha"].call("caseWorker", "GET", RECEIVED), 200)["items"]
    path = f"{RECEIVED}/{kept['receivedReleaseId']}"
    assert PLANTED_TEXTS[0] in str(made(town.nodes["alpha"].call("caseWorker", "GET", path), 200))
    logged = "".join(capfd.readouterr())
    assert '"operation"' in logged
    assert b"".join(refused)
    stored = b"".join(_stored(world) for world in town.nodes.values())
    assert b"partnerSearch:" in stored
    seen = (stored, logged.encode(), "\n".join(asked).encode(), b"\n".join(refused))
    assert [text for text in PLANTED_TEXTS if any(text.encode() in place for place in seen)] == []


def _overheard(monkeypatch: pytest.MonkeyPatch) -> tuple[list[str], list[bytes]]:
    """Return the addresses and the bodies of refusals from now on, at every node."""
    asked: list[str] = []
    refused: list[bytes] = []
    raw = World.raw

    def listening(self: World, method: str, path: str, **options: Any) -> Any:
        answer = raw(self, method, path, **options)
        asked.append(str(answer.request.url))
        if answer.status_code >= 400:
            refused.append(answer.content)
        return answer

    monkeypatch.setattr(World, "raw", listening)
    return asked, refused


def _exchanged(town: Town) -> None:
    """Search, release, choice and news, tasks, access report, refusals, withdrawal and recall."""
    alpha, beta = town.nodes["alpha"], town.nodes["beta"]
    released(town)
    living = record(beta, permit(beta, sets=["identity"]), type="foundAlive")
    person, directive = sought(town)
    request = made(
        alpha.call(
            "registrar",
            "POST",
            "/v1/search-requests",
            samples.search_request(person, directives=[directive]),
        )
    )
    found = partner_search(town, person)
    (task,) = [
        entry
        for entry in made(beta.call("caseWorker", "GET", "/v1/tasks"), 200)["items"]
        if entry["kind"] == "silentHit"
    ]
    choice = {
        "mayTell": "messageOnly",
        "decidedBy": "person",
        "task": task["taskId"],
        "message": "Invented words",
    }
    made(beta.call("caseWorker", "POST", f"/v1/persons/{living}/choice", choice))
    town.deliver()
    told = made(alpha.call("caseWorker", "GET", f"{SEARCHES}/{found['partnerSearchId']}"), 200)
    assert "Invented words" in str(told["news"])
    report = f"/v1/search-requests/{request['requestId']}/access-report"
    assert made(alpha.call("registrar", "GET", report), 200)["entries"]
    wrong = samples.person(status=PLANTED_TEXTS[0])
    assert alpha.call("registrar", "POST", "/v1/persons", wrong).status_code == 422
    made(alpha.call("registrar", "POST", f"/v1/directives/{directive}/withdrawals", {}))
    town.deliver()
    assert made(alpha.call("caseWorker", "GET", "/v1/recalls"), 200)["items"]


def _stored(world: World) -> bytes:
    """Return the bytes of the SQLite files, or every cell of every PostgreSQL table."""
    url = make_url(world.node.settings.database_url)
    if url.get_backend_name() == "sqlite":
        files = [Path(f"{url.database}{suffix}") for suffix in ("", "-wal", "-shm")]
        return b"".join(file.read_bytes() for file in files if file.exists())
    with transaction(world.node.engine) as conn:
        rows = [row for table in t.metadata.sorted_tables for row in conn.execute(select(table))]
    values = [value for row in rows for value in row if value is not None]
    return b"\0".join(bytes(v) if isinstance(v, bytes | memoryview) else str(v).encode() for v in values)
