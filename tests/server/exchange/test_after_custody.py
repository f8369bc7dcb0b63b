"""What a change of custody may not break: recalls and withdrawals go on, whoever keeps the record."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from mpex_server.custody import provenance, sealing
from mpex_server.custody.packages import Terms
from mpex_server.disclosures import repository as disclosed
from mpex_server.disclosures.work import OwnWork
from mpex_server.errors import Problem
from mpex_server.kit.clock import instant
from mpex_server.oauth import clients
from mpex_server.peers import registry
from mpex_server.peers.client import Access
from mpex_server.recalls import delivery, outbox
from mpex_server.storage.documents import Documents
from mpex_server.storage.engine import transaction
from sqlalchemy import make_url

from tests.databases import Databases
from tests.server.exchange.test_disputes import SINCE, contest, disputed
from tests.server.exchange.test_recall_causes import correct, held, recalls
from tests.server.exchange.town import RECEIVED, Town, made, node_id, permit, record, released
from tests.server.records import samples
from tests.server.records.samples import Body
from tests.server.world import START, World, create_schema

TRANSFERS = "/v1/custody-transfers"
DENY = {"effect": "deny", "purposes": ["searchLiving"], "recipientClasses": ["humanitarian"]}


@pytest.fixture
def three(town: Town, databases: Databases, database_url: str, tmp_path: Path) -> Iterator[Town]:
    """Alpha, which receives from beta; gamma, to which beta's record goes."""
    third = databases.fresh(make_url(database_url).get_backend_name(), create_schema)
    town.add("gamma", third, tmp_path)
    town.introduce(beta={"recipientClass": "forensic"})
    yield town
    databases.drop(third)


def offer(town: Town, person: str, giver: str, taker: str) -> str:
    body = samples.transfer(person, node_id(town, taker))
    transfer = made(town.nodes[giver].call("releaseOfficer", "POST", TRANSFERS, body))["transferId"]
    town.work()
    return str(transfer)


def take(town: Town, transfer: str, taker: str) -> None:
    path = f"{TRANSFERS}/{transfer}/answer"
    made(town.nodes[taker].call("releaseOfficer", "POST", path, samples.TAKE), 200)


def move(town: Town, person: str, giver: str, taker: str) -> None:
    take(town, offer(town, person, giver, taker), taker)
    town.work()


def person_at(town: Town, node: str, person: str) -> Any:
    return town.nodes[node].call("registrar", "GET", f"/v1/persons/{person}")


def withdraw(town: Town, node: str, directive: str, *purposes: str) -> None:
    body = {"purposes": list(purposes)} if purposes else {}
    made(town.nodes[node].call("registrar", "POST", f"/v1/directives/{directive}/withdrawals", body))


def withdrawn_at(town: Town, node: str, directive: str) -> list[Any]:
    shown = made(town.nodes[node].call("registrar", "GET", f"/v1/directives/{directive}"), 200)
    return [entry.get("purposes") for entry in shown.get("withdrawals", ())]


def deny(world: World, person: str) -> None:
    """Let the person deny everything to institutions like alpha, by a directive on the whole record."""
    own = samples.directive(givenBy={"authority": "self"}, grants=[DENY])
    denial = made(world.call("registrar", "POST", "/v1/directives", own))["directiveId"]
    shown = world.call("registrar", "GET", f"/v1/persons/{person}")
    body = shown.json() | {"directives": [denial]}
    made(world.call("registrar", "PUT", f"/v1/persons/{person}", body, match=shown.headers["etag"]), 200)


@pytest.mark.parametrize("how", ["withdrawn", "denied", "corrected"])
def test_the_new_custodian_calls_back_what_the_old_one_released(three: Town, how: str) -> None:
    """The old custodian is not there any more when it happens."""
    received, _, directive = released(three)
    person = received["record"]
    move(three, person, "beta", "gamma")
    gamma = three.nodes["gamma"]
    three.down.add("beta")
    ways: dict[str, Callable[[], None]] = {
        "withdrawn": lambda: withdraw(three, "gamma", directive),
        "denied": lambda: deny(gamma, person),
        "corrected": lambda: correct(three, received, "gamma"),
    }
    ways[how]()
    assert held(three, received)["state"] == ("restricted" if how == "corrected" else "erased")
    done = [entry for recall in recalls(gamma) for entry in recall["recipients"]]
    released_to_alpha = next(entry for entry in done if entry["kind"] == "release")
    assert released_to_alpha["partner"] == node_id(three, "alpha")
    assert released_to_alpha["reference"] == received["release"]
    assert released_to_alpha["outcome"] == ("restricted" if how == "corrected" else "erased")


def test_a_recall_that_overtakes_the_news_of_the_custodian_comes_again(three: Town) -> None:
    received, _, directive = released(three)
    transfer = offer(three, received["record"], "beta", "gamma")
    take(three, transfer, "gamma")
    three.down.add("alpha")
    three.deliver()
    assert person_at(three, "gamma", received["record"]).status_code == 200
    withdraw(three, "gamma", directive)
    gamma, beta = three.nodes["gamma"], three.nodes["beta"]
    three.down = {"beta"}
    three.wait(minutes=2)
    assert delivery.deliver(gamma.node)
    path = f"/v1/received-releases/{received['receivedReleaseId']}"
    assert made(three.nodes["alpha"].call("caseWorker", "GET", path), 200)["state"] == "active"
    assert recalls(gamma) == []
    three.down = set()
    assert delivery.deliver(beta.node)
    three.wait(minutes=2)
    assert held(three, received)["state"] == "erased"
    assert len(recalls(gamma)) == 1


def test_what_a_node_has_that_the_new_custodian_suspended_is_called_back(three: Town) -> None:
    received, _, _ = released(three)
    gamma = three.nodes["gamma"].node
    with transaction(gamma.engine) as conn:
        clients.suspend_partner(conn, node_id(three, "alpha"), at=instant(START))
    move(three, received["record"], "beta", "gamma")
    (recall,) = recalls(three.nodes["gamma"])
    assert (recall["cause"], recall["recipients"][0]["reference"]) == ("trustLost", received["release"])
    assert held(three, received)["state"] == "erased"


def test_who_gives_a_record_up_keeps_nothing_of_it_that_came_by_a_release(three: Town) -> None:
    received, _, _ = released(three)
    for giver, taker in (("beta", "alpha"), ("alpha", "gamma")):
        assert held(three, received)["state"] == "active"
        move(three, received["record"], giver, taker)
    assert held(three, received)["state"] == "erased"


def test_who_takes_over_a_disputed_record_has_the_dispute_to_decide(three: Town) -> None:
    received, _, _ = released(three)
    contest(three, received, SINCE)
    move(three, received["record"], "beta", "gamma")
    waiting = made(three.nodes["gamma"].call("caseWorker", "GET", "/v1/tasks?kind=dispute"), 200)["items"]
    assert [task["subject"] for task in waiting] == [received["record"]]
    assert disputed(three, received)
    contest(three, received, None, at="gamma")
    assert not disputed(three, received)


def test_a_withdrawal_where_the_record_was_reaches_where_it_is_and_back(three: Town) -> None:
    received, _, directive = released(three)
    person = received["record"]
    beta, gamma = three.nodes["beta"], three.nodes["gamma"]
    remaining = record(beta, directive)
    asked = samples.search_request(person, directives=[directive])
    request = made(beta.call("registrar", "POST", "/v1/search-requests", asked))["requestId"]
    path = f"/v1/search-requests/{request}"
    assert "movedTo" not in made(beta.call("registrar", "GET", path), 200)
    move(three, person, "beta", "gamma")
    there = node_id(three, "gamma")
    assert made(beta.call("registrar", "GET", path), 200)["movedTo"] == there
    report = made(beta.call("registrar", "GET", f"{path}/access-report"), 200)
    assert report["movedTo"] == {"node": there, "name": "Node gamma"}
    withdraw(three, "beta", directive, "identifyDeceased")
    three.work()
    assert withdrawn_at(three, "gamma", directive) == [["identifyDeceased"]]
    assert held(three, received)["state"] == "active"
    withdraw(three, "gamma", directive)
    assert held(three, received)["state"] == "erased"
    assert [withdrawn_at(three, node, directive) for node in ("beta", "gamma")] == [
        [["identifyDeceased"], None]
    ] * 2
    assert person_at(three, "beta", remaining).status_code == 200
    with transaction(gamma.node.engine, write=False) as conn:
        rows = disclosed.of_records(conn, [person])
    assert {row.state for row in rows} == {"erased"}


def test_nobody_but_the_sides_of_the_transfer_withdraws(three: Town) -> None:
    directive = permit(three.nodes["beta"], sets=["identity"])
    person = record(three.nodes["beta"], directive)
    move(three, person, "beta", "gamma")
    alpha = three.nodes["alpha"].node
    with transaction(alpha.engine) as conn:
        outbox.enqueue(
            OwnWork(conn, alpha.keys, alpha.clock, alpha.settings),
            partner=node_id(three, "gamma"),
            event_type="directiveWithdrawn",
            subject=directive,
            purpose="searchLiving",
            event={"directive": directive, "purposes": []},
        )
    three.work()
    assert withdrawn_at(three, "gamma", directive) == []


def test_a_record_is_nowhere_in_use_at_the_new_node_before_the_old_one_confirms(town: Town) -> None:
    alpha, beta = town.nodes["alpha"], town.nodes["beta"]
    directive = permit(alpha, sets=["identity"])
    person = record(alpha, directive)
    shown = person_at(town, "alpha", person)
    transfer = offer(town, person, "alpha", "beta")
    take(town, transfer, "beta")
    path = f"/v1/persons/{person}"
    body: Body = shown.json()
    changed = beta.call("registrar", "PUT", path, body, match=shown.headers["etag"])
    assert changed.status_code == 404
    again = beta.call("registrar", "POST", "/v1/persons", samples.person(recordId=person))
    assert samples.refusal(again) == (409, "alreadyExists")
    assert person_at(town, "beta", person).status_code == 404
    assert made(beta.call("registrar", "GET", "/v1/persons"), 200)["items"] == []
    asked = beta.call("registrar", "POST", "/v1/search-requests", samples.search_request(person))
    assert samples.refusal(asked) == (422, "ruleViolation")
    gone = beta.call("registrar", "POST", f"/v1/directives/{directive}/withdrawals", {})
    assert gone.status_code == 404
    other = beta.call("releaseOfficer", "POST", TRANSFERS, samples.transfer(person, node_id(town, "alpha")))
    assert samples.refusal(other) == (422, "ruleViolation")
    town.work()
    assert person_at(town, "beta", person).status_code == 200


def test_a_record_comes_back_and_a_refused_one_may_be_offered_again(town: Town) -> None:
    alpha = town.nodes["alpha"]
    directive = permit(alpha, sets=["identity"])
    person = record(alpha, directive)
    request = made(alpha.call("registrar", "POST", "/v1/search-requests", samples.search_request(person)))
    transfer = offer(town, person, "alpha", "beta")
    take(town, transfer, "beta")
    correct(town, {"record": person}, "alpha")
    town.work()
    assert [person_at(town, node, person).status_code for node in ("alpha", "beta")] == [200, 404]
    before = person_at(town, "alpha", person).json()
    move(town, person, "alpha", "beta")
    away = person_at(town, "beta", person).json()
    assert [person_at(town, node, person).status_code for node in ("alpha", "beta")] == [404, 200]
    move(town, person, "beta", "alpha")
    assert [person_at(town, node, person).status_code for node in ("alpha", "beta")] == [200, 404]
    back = person_at(town, "alpha", person).json()
    assert before["version"] < away["version"] < back["version"]
    assert back["custodian"] == node_id(town, "alpha")
    assert back["contributions"] == away["contributions"]
    path = f"/v1/search-requests/{request['requestId']}"
    assert "movedTo" not in made(alpha.call("registrar", "GET", path), 200)
    withdraw(town, "alpha", directive)
    town.work()
    assert withdrawn_at(town, "beta", directive) == [None]


def test_a_record_that_is_here_or_was_erased_here_does_not_come_by_a_transfer(town: Town) -> None:
    alpha, beta = town.nodes["alpha"], town.nodes["beta"]
    mine = record(beta, permit(beta, sets=["identity"]))
    gone = record(beta)
    with transaction(beta.node.engine) as conn:
        Documents(conn, beta.node.keys, town.clock).erase(gone)
    for person in (mine, gone):
        record(alpha, permit(alpha, sets=["identity"]), recordId=person)
        transfer = offer(town, person, "alpha", "beta")
        path = f"{TRANSFERS}/{transfer}/answer"
        taken = beta.call("releaseOfficer", "POST", path, samples.TAKE)
        assert samples.refusal(taken) == (409, "conflict")


def freeze(town: Town, node: str, directive: str) -> None:
    made(town.nodes[node].call("registrar", "POST", f"/v1/directives/{directive}/freeze", {}))


def directive_at(town: Town, node: str, directive: str) -> Body:
    return made(town.nodes[node].call("registrar", "GET", f"/v1/directives/{directive}"), 200)


def successors_sought(town: Town, node: str) -> list[str]:
    items = made(town.nodes[node].call("registrar", "GET", "/v1/tasks?kind=successor"), 200)["items"]
    return [task["subject"] for task in items]


def succeed(town: Town, node: str, directive: str) -> str:
    """Record a successor for a frozen directive, and return the successor's."""
    world = town.nodes[node]
    successor = permit(world, sets=["identity"])
    body = {"directive": successor}
    made(world.call("registrar", "POST", f"/v1/directives/{directive}/successor", body))
    return successor


def test_a_death_and_the_successor_go_along_and_come_back(town: Town) -> None:
    directive = permit(town.nodes["alpha"], sets=["identity"])
    person = record(town.nodes["alpha"], directive)
    freeze(town, "alpha", directive)
    first = succeed(town, "alpha", directive)
    move(town, person, "alpha", "beta")
    assert directive_at(town, "beta", directive)["succeededBy"] == first
    assert (successors_sought(town, "beta"), directive_at(town, "beta", first)["givenAt"] > "") == ([], True)
    freeze(town, "beta", first)
    town.work()
    assert "frozenAt" in directive_at(town, "alpha", first)
    second = succeed(town, "beta", first)
    move(town, person, "beta", "alpha")
    assert directive_at(town, "alpha", first)["succeededBy"] == second
    assert successors_sought(town, "alpha") == successors_sought(town, "beta") == []
    withdraw(town, "beta", second)
    town.work()
    assert withdrawn_at(town, "alpha", second) == [None]


def test_a_death_that_the_former_custodian_hears_of_freezes_where_the_record_is(three: Town) -> None:
    beta = three.nodes["beta"]
    directive, other = (permit(beta, sets=["identity"]) for _ in range(2))
    move(three, record(beta, directive), "beta", "gamma")
    freeze(three, "beta", directive)
    freeze(three, "beta", other)
    three.work()
    assert "frozenAt" in directive_at(three, "gamma", directive)
    assert successors_sought(three, "gamma") == [directive]
    freeze_again = {"directive": directive, "at": "2026-01-01T00:00:00Z"}
    alpha = three.nodes["alpha"].node
    unheard = permit(three.nodes["gamma"], sets=["identity"])
    with transaction(alpha.engine) as conn:
        outbox.enqueue(
            OwnWork(conn, alpha.keys, alpha.clock, alpha.settings),
            partner=node_id(three, "gamma"),
            event_type="directiveFrozen",
            subject=unheard,
            purpose="searchLiving",
            event=freeze_again | {"directive": unheard},
        )
    three.work()
    assert "frozenAt" not in directive_at(three, "gamma", unheard)


def test_a_record_is_taken_from_its_custodian_and_from_nobody_who_has_a_release_of_it(three: Town) -> None:
    """Alpha holds a release of beta's record; gamma hands it over once it came to gamma, and never before."""
    received, _, _ = released(three)
    person = received["record"]
    gamma = three.nodes["gamma"]
    record(gamma, permit(gamma, sets=["identity"]), recordId=person)
    stolen = offer(three, person, "gamma", "alpha")
    path = f"{TRANSFERS}/{stolen}/answer"
    taken = three.nodes["alpha"].call("releaseOfficer", "POST", path, samples.TAKE)
    assert samples.refusal(taken) == (409, "conflict")


def test_who_was_handed_a_record_and_declined_it_is_not_its_custodian(three: Town) -> None:
    """Gamma collected the record of beta, did not keep it, and shows alpha what beta had signed for that."""
    received, _, _ = released(three)
    person, gamma = received["record"], three.nodes["gamma"]
    transfer = offer(three, person, "beta", "gamma")
    with transaction(gamma.node.engine, write=False) as conn:
        partner = registry.find(conn, node_id(three, "beta"), gamma.node.clock.now())
    assert partner is not None
    access = Access("searchLiving", "consent", ("custody:collect",))
    sealed = gamma.node.peers.call(partner, "GET", f"{TRANSFERS}/{transfer}/record", access).json()
    terms = Terms(transfer, node_id(three, "gamma"), "searchLiving")
    package = sealing.opened(gamma.node.keys, sealed, terms, issuer=node_id(three, "beta"))
    made(gamma.call("releaseOfficer", "POST", f"{TRANSFERS}/{transfer}/answer", {"answer": "decline"}), 200)
    alpha = three.nodes["alpha"].node
    with transaction(alpha.engine) as conn:
        work = OwnWork(conn, alpha.keys, alpha.clock, alpha.settings)
        shown = {"provenance": [package["statement"]]}
        with pytest.raises(Problem):
            provenance.require(work, person, node_id(three, "gamma"), shown)


def test_who_gave_a_record_back_offers_it_to_nobody_by_what_was_signed_before(three: Town) -> None:
    """Gamma had beta's record, gave it back, and kept beta's word that it was given to it."""
    received, _, _ = released(three)
    person = received["record"]
    move(three, person, "beta", "gamma")
    beta, gamma, alpha = (three.nodes[name].node for name in ("beta", "gamma", "alpha"))
    with transaction(gamma.engine, write=False) as conn:
        shown = provenance.shown(OwnWork(conn, gamma.keys, gamma.clock, gamma.settings), person)
    with transaction(alpha.engine, write=False) as conn:
        work = OwnWork(conn, alpha.keys, alpha.clock, alpha.settings)
        provenance.require(work, person, gamma.settings.node_id, shown)
    move(three, person, "gamma", "beta")
    held = made(three.nodes["alpha"].call("caseWorker", "GET", RECEIVED), 200)["items"]
    assert [entry["custodian"] for entry in held] == [beta.settings.node_id]
    with transaction(alpha.engine, write=False) as conn:
        work = OwnWork(conn, alpha.keys, alpha.clock, alpha.settings)
        with pytest.raises(Problem):
            provenance.require(work, person, gamma.settings.node_id, shown)


def test_statements_of_those_before_show_whose_a_record_is(three: Town) -> None:
    """News of the new custodian are late, and alpha takes the record over all the same."""
    received, _, _ = released(three)
    person = received["record"]
    transfer = offer(three, person, "beta", "gamma")
    take(three, transfer, "gamma")
    three.down.add("alpha")
    three.deliver()
    three.down = {"beta"}
    three.wait(minutes=2)
    gamma = three.nodes["gamma"]
    body = samples.transfer(person, node_id(three, "alpha"))
    back = made(gamma.call("releaseOfficer", "POST", TRANSFERS, body))["transferId"]
    assert delivery.deliver(gamma.node)
    take(three, back, "alpha")
