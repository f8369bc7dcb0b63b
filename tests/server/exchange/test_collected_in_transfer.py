"""Who collects an offered record has it: families are told, and it is called back unless it is taken over."""

from collections.abc import Callable
from datetime import timedelta
from threading import Event, Thread
from typing import Any

import pytest
from mpex_server.custody import tombstones
from mpex_server.disclosures.work import OwnWork
from mpex_server.kit.clock import instant
from mpex_server.oauth import clients
from mpex_server.peers import registry
from mpex_server.peers.client import Access
from mpex_server.peers.errors import RefusedError
from mpex_server.recalls import causes, delivery
from mpex_server.storage import tables as t
from mpex_server.storage.engine import transaction
from sqlalchemy import update

from tests.server.exchange.test_custody import TRANSFERS, answer, cancel, offer, offered, person_at, state
from tests.server.exchange.test_recall_causes import recalls
from tests.server.exchange.town import Town, made, node_id, permit, record
from tests.server.records import samples


def collect(town: Town, transfer: str) -> None:
    """Let beta fetch what alpha offers, and keep it to itself that it did."""
    beta = town.nodes["beta"].node
    with transaction(beta.engine, write=False) as conn:
        partner = registry.find(conn, node_id(town, "alpha"), beta.clock.now())
    assert partner is not None
    access = Access("searchLiving", "consent", ("custody:collect",))
    beta.peers.call(partner, "GET", f"{TRANSFERS}/{transfer}/record", access)


def withdraw(town: Town, _transfer: str, directive: str) -> None:
    made(town.nodes["alpha"].call("registrar", "POST", f"/v1/directives/{directive}/withdrawals", {}))


def suspend(town: Town, _transfer: str, _directive: str) -> None:
    alpha, beta = town.nodes["alpha"].node, node_id(town, "beta")
    with transaction(alpha.engine) as conn:
        clients.suspend_partner(conn, beta, at="2026-01-01T00:00:00Z")
        causes.lose_trust(OwnWork(conn, alpha.keys, alpha.clock, alpha.settings), beta)


MOVED = ["birth", "existence", "names", "summary"]
Ended = tuple[str, str]
ENDS: dict[str, tuple[Callable[[Town, str, str], object], str, Ended]] = {
    "declined": (
        lambda town, transfer, _: answer(town, transfer, "decline"),
        "notTakenOver",
        ("declined", "declined"),
    ),
    "cancelled": (
        lambda town, transfer, _: cancel(town, transfer),
        "notTakenOver",
        ("cancelled", "cancelled"),
    ),
    "withdrawn": (withdraw, "withdrawal", ("refused", "cancelled")),
    "suspended": (suspend, "trustLost", ("refused", "cancelled")),
}


def report_entries(town: Town, request: str) -> list[tuple[str, list[str], str, bool]]:
    path = f"/v1/search-requests/{request}/access-report"
    report = made(town.nodes["alpha"].call("registrar", "GET", path), 200)
    return [
        (entry["kind"], entry["categories"], entry["state"], "receipt" in entry)
        for entry in report["entries"]
    ]


def asked_for(town: Town, person: str, directive: str) -> str:
    asked = samples.search_request(person, directives=[directive])
    return str(made(town.nodes["alpha"].call("registrar", "POST", "/v1/search-requests", asked))["requestId"])


@pytest.mark.parametrize("how", ENDS)
def test_what_was_collected_and_not_taken_over_is_called_back(town: Town, how: str) -> None:
    end, cause, ended = ENDS[how]
    transfer, person, directive = offered(town)
    request = asked_for(town, person, directive)
    collect(town, transfer)
    collect(town, transfer)
    assert report_entries(town, request) == [("transfer", MOVED, "active", False)] * 2
    end(town, transfer, directive)
    town.deliver()
    assert (state(town, "alpha", transfer), state(town, "beta", transfer)) == ended
    (recall,) = recalls(town.nodes["alpha"])
    (told,) = recall["recipients"]
    assert recall["cause"] == cause
    assert (told["kind"], told["reference"], told["outcome"]) == ("transfer", transfer, "erased")
    assert "parts" not in told
    assert report_entries(town, request) == [("transfer", MOVED, "erased", True)] * 2
    if how != "suspended":
        with pytest.raises(RefusedError):
            collect(town, transfer)
    assert samples.refusal(answer(town, transfer, "take")) == (409, "conflict")
    assert made(town.nodes["beta"].call("releaseOfficer", "GET", "/v1/tasks"), 200)["items"] == []


def test_what_was_taken_over_is_not_called_back_any_more(town: Town) -> None:
    transfer, person, directive = offered(town)
    request = asked_for(town, person, directive)
    made(answer(town, transfer, "take"), 200)
    town.deliver()
    assert report_entries(town, request) == [("transfer", MOVED, "transferred", False)]
    withdraw(town, transfer, directive)
    suspend(town, transfer, directive)
    town.deliver()
    assert recalls(town.nodes["alpha"], "open") == recalls(town.nodes["alpha"]) == []
    assert person_at(town, "beta", person).status_code == 200


def test_a_recall_ends_what_was_taken_and_not_confirmed(town: Town) -> None:
    """A partner that is trusted again later does not get what was called back by its answer of before."""
    transfer, person, directive = offered(town)
    entry = town.entry("beta")
    made(answer(town, transfer, "take"), 200)
    suspend(town, transfer, directive)
    assert delivery.deliver(town.nodes["alpha"].node)
    assert state(town, "beta", transfer) == "refused"
    town.register(town.nodes["alpha"], entry)
    town.wait(minutes=5)
    town.deliver()
    assert (person_at(town, "alpha", person).status_code, person_at(town, "beta", person).status_code) == (
        200,
        404,
    )


def test_a_cancellation_that_overtakes_its_offer_comes_again(town: Town) -> None:
    alpha, beta = town.nodes["alpha"], town.nodes["beta"]
    person = record(alpha, permit(alpha, sets=["identity"]))
    transfer = str(made(offer(town, person))["transferId"])
    with transaction(alpha.node.engine) as conn:
        conn.execute(update(t.outbox).values(next_attempt=instant(town.clock.now() + timedelta(minutes=1))))
    made(cancel(town, transfer), 200)
    town.deliver()
    assert beta.call("releaseOfficer", "GET", f"{TRANSFERS}/{transfer}").status_code == 404
    town.wait(minutes=5)
    town.deliver()
    town.wait(minutes=5)
    town.deliver()
    assert state(town, "beta", transfer) == "cancelled"
    assert made(beta.call("releaseOfficer", "GET", "/v1/tasks"), 200)["items"] == []


def test_a_withdrawal_while_the_record_is_given_up_goes_after_it(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    transfer, person, directive = offered(town)
    made(answer(town, transfer, "take"), 200)
    name_custodian, settled = tombstones.name_custodian, Event()

    def slowly(*given: Any) -> None:
        name_custodian(*given)
        settled.set()
        Event().wait(0.4)

    with monkeypatch.context() as patch:
        patch.setattr(tombstones, "name_custodian", slowly)
        giving_up = Thread(target=delivery.deliver, args=[town.nodes["beta"].node])
        giving_up.start()
        assert settled.wait(60)
        withdraw(town, transfer, directive)
        giving_up.join()
    town.deliver()
    town.wait(minutes=5)
    town.deliver()
    assert person_at(town, "beta", person).status_code == 200
    assert recalls(town.nodes["alpha"], "open") == recalls(town.nodes["alpha"]) == []
    path = f"/v1/directives/{directive}"
    assert len(made(town.nodes["beta"].call("registrar", "GET", path), 200).get("withdrawals", [])) == 1
