"""Two nodes: the release that is asked for, collected, kept for its time and used for its purpose."""

from typing import Any

import pytest
from mpex_server.disclosures.work import OwnWork
from mpex_server.kit import jws
from mpex_server.partner_release_requests import service as partner_requests
from mpex_server.peers.client import Peers
from mpex_server.recalls import delivery
from mpex_server.received_releases import service as received_releases
from mpex_server.received_releases.retention import erase_expired
from mpex_server.release_requests import sealing
from mpex_server.storage import tables as t
from mpex_server.storage.engine import transaction
from sqlalchemy import select

from tests.server.exchange.town import (
    RECEIVED,
    REQUESTS,
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

Body = dict[str, Any]


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
