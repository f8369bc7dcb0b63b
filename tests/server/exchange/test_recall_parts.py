"""One account of a release is called back wherever it went, and the rest stays; bounds of the way."""

from typing import Any

from mpex_server.disclosures import repository as disclosed
from mpex_server.storage.engine import transaction

from tests.server.exchange.street import (
    collect,
    collect_again,
    collected,
    held,
    offered,
    pass_on,
    received_by_alpha,
)
from tests.server.exchange.town import Town, made, node_id, permit
from tests.server.records import samples

Body = dict[str, Any]


def two_accounts(town: Town, person: str) -> tuple[str, str, str]:
    """Give beta's record a second account under a directive of its own; return it, and both accounts."""
    beta, path = town.nodes["beta"], f"/v1/persons/{person}"
    other = permit(beta, sets=["identity"], purposes=["searchLiving"], onward="samePurpose")
    shown = beta.call("registrar", "GET", path)
    body, tag = made(shown, 200), {"If-Match": shown.headers["etag"]}
    told = {"names": {"names": [{"text": "Ficta Zweita"}]}, "identity": {"languages": ["fr"]}}
    body["contributions"].append(samples.contribution(sections=told, directive=other))
    changed = made(beta.call("registrar", "PUT", path, body, headers=tag), 200)
    first, second = (entry["contributionId"] for entry in changed["contributions"])
    return other, first, second


def values(release: Body) -> str:
    """Return what a received release says."""
    return str(release.get("disclosures"))


def test_one_account_is_called_back_along_the_chain_and_the_rest_stays(street: Town) -> None:
    first, directive = received_by_alpha(street, "samePurpose")
    other, own, others = two_accounts(street, first["record"])
    received = collect_again(street)
    made(pass_on(street, "alpha", received, "gamma"))
    second = collected(street, "gamma")
    made(pass_on(street, "gamma", second, "delta"))
    street.work()
    (waiting,) = offered(street, "delta")
    alpha, beta = street.nodes["alpha"], street.nodes["beta"]
    made(beta.call("registrar", "POST", f"/v1/directives/{other}/withdrawals", {}))
    for name, release in (("alpha", received), ("gamma", second)):
        left = held(street, name, release)
        assert left["state"] == "active"
        assert "Zweita" not in values(left)
        assert "Fictia Examplová" in values(left)
        assert left["categories"] == ["birth", "existence", "names", "summary"]
    third = made(collect(street, "delta", waiting))
    assert "Zweita" not in values(third)
    assert own in values(third)

    (recall,) = made(beta.call("caseWorker", "GET", "/v1/recalls?state=complete"), 200)["items"]
    parts = [{"category": category, "contribution": others} for category in ("identity", "names")]
    told = {entry["partner"]: (entry["outcome"], entry["parts"]) for entry in recall["recipients"]}
    assert told == {node_id(street, name): ("erased", parts) for name in ("alpha", "gamma")}

    made(beta.call("registrar", "POST", f"/v1/directives/{directive}/withdrawals", {}))
    for name, release in (("alpha", received), ("gamma", second), ("delta", third)):
        assert held(street, name, release)["state"] == "erased"
    for world in (alpha, beta):
        assert made(world.call("caseWorker", "GET", "/v1/recalls?state=open"), 200)["items"] == []


def test_what_was_passed_on_before_an_account_was_called_back_loses_it_too(street: Town) -> None:
    """Gamma collects while beta is away, and beta hears of it after the withdrawal."""
    first, _ = received_by_alpha(street, "samePurpose")
    other, _, _ = two_accounts(street, first["record"])
    received = collect_again(street)
    made(pass_on(street, "alpha", received, "gamma"))
    (waiting,) = offered(street, "gamma")
    street.down.add("beta")
    second = made(collect(street, "gamma", waiting))
    assert "Zweita" in values(second)
    made(street.nodes["beta"].call("registrar", "POST", f"/v1/directives/{other}/withdrawals", {}))
    street.down.discard("beta")
    street.wait(hours=2)
    left = held(street, "gamma", second)
    assert (left["state"], "Zweita" in values(left)) == ("active", False)


def test_the_origin_calls_back_the_account_that_an_onward_recipient_may_not_have(street: Town) -> None:
    """Gamma is of a class that only the second account may go to; alpha cannot know that."""
    street.register(street.nodes["beta"], street.entry("gamma", recipientClass="forensic"))
    first, _ = received_by_alpha(street, "samePurpose")
    two_accounts(street, first["record"])
    received = collect_again(street)
    made(pass_on(street, "alpha", received, "gamma"))
    second = collected(street, "gamma")
    left = held(street, "gamma", second)
    assert (left["state"], "Zweita" in values(left)) == ("active", True)
    assert "Fictia Examplová" not in values(left)
    assert "Fictia Examplová" in values(held(street, "alpha", received))


def test_the_origin_approves_no_recipient_that_may_have_one_account_only(street: Town) -> None:
    beta = street.nodes["beta"]
    street.register(beta, street.entry("gamma", recipientClass="forensic"))
    first, _ = received_by_alpha(street, "ask")
    two_accounts(street, first["record"])
    made(pass_on(street, "alpha", collect_again(street), "gamma", categories=["names"]))
    street.work()
    (question,) = made(beta.call("releaseOfficer", "GET", "/v1/onward-requests"), 200)["items"]
    path = f"/v1/onward-requests/{question['onwardRequestId']}/decision"
    refused = beta.call("releaseOfficer", "POST", path, {"decision": "approve"})
    assert samples.refusal(refused) == (409, "conflict")


def test_an_access_report_speaks_of_the_own_account_only(street: Town) -> None:
    first, directive = received_by_alpha(street, "samePurpose")
    beta = street.nodes["beta"]
    other, _, _ = two_accounts(street, first["record"])
    received = collect_again(street)
    requests = []
    for name in (directive, other):
        body = samples.search_request(received["record"], directives=[name])
        requests.append(made(beta.call("registrar", "POST", "/v1/search-requests", body))["requestId"])
    made(beta.call("registrar", "POST", f"/v1/directives/{other}/withdrawals", {}))
    street.work()
    stays, goes = (
        made(beta.call("caseWorker", "GET", f"/v1/search-requests/{request}/access-report"), 200)["entries"][
            -1
        ]
        for request in requests
    )
    assert (stays["state"], "receipt" in stays) == ("active", False)
    assert (goes["state"], "receipt" in goes) == ("erased", True)
    assert "identity" not in stays["categories"]
    assert goes["categories"] == ["existence", "identity", "names"]


def test_a_release_has_room_for_so_many_onward_recipients(street: Town) -> None:
    received, _ = received_by_alpha(street, "samePurpose")
    object.__setattr__(street.nodes["beta"].node.settings, "onward_recipients_per_release", 1)
    for name in ("gamma", "delta"):
        made(pass_on(street, "alpha", received, name))
        collected(street, name)
    street.work()
    beta = street.nodes["beta"].node
    with transaction(beta.engine, write=False) as conn:
        known = {entry.partner for entry in disclosed.of_records(conn, [received["record"]])}
    assert known == {node_id(street, "alpha"), node_id(street, "gamma")}
    object.__setattr__(beta.settings, "onward_recipients_per_release", 2)
    street.wait(hours=25)
    street.work()
    with transaction(beta.engine, write=False) as conn:
        assert len(disclosed.of_records(conn, [received["record"]])) == 3
