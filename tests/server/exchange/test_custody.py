"""Custody: offered, fetched as far as consent goes, confirmed by both, told to who holds a release."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx2
import pytest
from mpex_server import office
from mpex_server.custody import sealing, shutdown
from mpex_server.custody.packages import Terms
from mpex_server.disclosures.work import OwnWork
from mpex_server.kit import jws
from mpex_server.kit.ids import new_id
from mpex_server.peers import registry, signatures
from mpex_server.peers.client import Access
from mpex_server.peers.errors import RefusedError
from mpex_server.recalls import outbox
from mpex_server.storage.engine import transaction
from sqlalchemy import make_url

from tests.databases import Databases
from tests.server.exchange.town import (
    SECTIONS,
    Town,
    made,
    node_id,
    permit,
    record,
    released,
    search,
)
from tests.server.records import samples
from tests.server.records.samples import Body
from tests.server.world import create_schema

TRANSFERS = "/v1/custody-transfers"
REAL_SEAL = sealing.sealed


def offer(town: Town, person: str, **members: Any) -> httpx2.Response:
    body = samples.transfer(person, node_id(town, "beta"), **members)
    return town.nodes["alpha"].call("releaseOfficer", "POST", TRANSFERS, body)


def offered(town: Town, *, sets: list[str] | None = None) -> tuple[str, str, str]:
    """Offer a person of alpha to beta; return transfer, person and directive."""
    directive = permit(town.nodes["alpha"], sets=sets or ["identity"])
    person = record(town.nodes["alpha"], directive)
    transfer = str(made(offer(town, person))["transferId"])
    town.deliver()
    return transfer, person, directive


def answer(town: Town, transfer: str, decision: str) -> httpx2.Response:
    path = f"{TRANSFERS}/{transfer}/answer"
    return town.nodes["beta"].call("releaseOfficer", "POST", path, samples.TAKE | {"answer": decision})


def state(town: Town, node: str, transfer: str) -> Any:
    return made(town.nodes[node].call("releaseOfficer", "GET", f"{TRANSFERS}/{transfer}"), 200)["state"]


def person_at(town: Town, node: str, person: str) -> httpx2.Response:
    return town.nodes[node].call("registrar", "GET", f"/v1/persons/{person}")


def found_at(town: Town, node: str) -> bool:
    body = {name: value for name, value in search().items() if name != "searchId"}
    return bool(
        made(town.nodes[node].call("caseWorker", "POST", "/v1/searches", body), 200)["outcome"] != "noHit"
    )


def test_a_record_passes_to_the_node_that_takes_it_over(town: Town) -> None:
    transfer, person, directive = offered(town)
    (task,) = made(town.nodes["beta"].call("releaseOfficer", "GET", "/v1/tasks"), 200)["items"]
    assert (task["kind"], task["subject"]) == ("custodyOffer", transfer)
    before = person_at(town, "alpha", person).json()
    assert made(answer(town, transfer, "take"), 200)["state"] == "taken"
    assert not found_at(town, "beta")
    town.deliver()
    assert (state(town, "alpha", transfer), state(town, "beta", transfer)) == ("completed", "completed")
    assert person_at(town, "alpha", person).status_code == 404
    there = person_at(town, "beta", person).json()
    assert (there["recordId"], there["custodian"]) == (person, node_id(town, "beta"))
    assert there["version"] > before["version"]
    assert there["contributions"][0]["directive"] == directive
    assert there["contributions"][0]["sections"]["names"] == SECTIONS["names"]
    assert found_at(town, "beta")
    assert not found_at(town, "alpha")
    assert made(town.nodes["beta"].call("releaseOfficer", "GET", "/v1/tasks"), 200)["items"] == []


def test_what_is_not_permitted_does_not_move_and_staff_see_it_before(town: Town) -> None:
    directive = permit(town.nodes["alpha"], sets=["summary"])
    person = record(town.nodes["alpha"], directive)
    made_offer = made(offer(town, person))
    assert "contact" in made_offer["withheld"]
    assert "names" not in made_offer["categories"]
    town.deliver()
    answer(town, made_offer["transferId"], "take")
    town.deliver()
    (entry,) = person_at(town, "beta", person).json()["contributions"]
    assert set(entry["sections"]) == set(made_offer["categories"])


def test_the_office_of_a_child_moves_with_the_summary_only(town: Town) -> None:
    alpha, office = town.nodes["alpha"], {"childProtectionContact": {"organisation": "Example Youth Office"}}
    for categories, moves in ((["names", "summary"], True), (["names"], False)):
        grant = samples.directive()["grants"][0] | {"releaseSets": [], "categories": categories}
        grant |= {"recipientClasses": ["humanitarian", "forensic"]}
        permits = samples.made(alpha, "registrar", "/v1/directives", samples.directive(grants=[grant]))
        person = record(alpha, permits["directiveId"], **office)
        made_offer = made(offer(town, person))
        town.deliver()
        answer(town, made_offer["transferId"], "take")
        town.deliver()
        there = person_at(town, "beta", person).json()
        assert ("childProtectionContact" in there) is moves
        assert ("summary" in made_offer["withheld"]) is not moves


def test_a_record_that_nobody_permits_is_not_offered(town: Town) -> None:
    refused = offer(town, record(town.nodes["alpha"]))
    assert (samples.refusal(refused), samples.pointers(refused)) == ((422, "ruleViolation"), ["/record"])
    living = record(town.nodes["alpha"], permit(town.nodes["alpha"], sets=["identity"]), type="foundAlive")
    assert samples.refusal(offer(town, living)) == (422, "ruleViolation")
    assert town.deliver() == 0


def test_a_record_is_offered_to_one_node_at_a_time_and_not_under_embargo(town: Town) -> None:
    _, person, _ = offered(town)
    assert samples.refusal(offer(town, person)) == (409, "conflict")
    dead = record(town.nodes["alpha"], permit(town.nodes["alpha"], sets=["identity"]))
    death = samples.identification(persons=[dead])
    made(town.nodes["alpha"].call("releaseOfficer", "POST", "/v1/identifications", death))
    assert samples.refusal(offer(town, dead)) == (409, "conflict")


def test_a_record_is_fetched_for_the_purpose_of_the_offer_only(town: Town) -> None:
    transfer, _, _ = offered(town)
    alpha, beta = town.nodes["alpha"], town.nodes["beta"]
    with transaction(beta.node.engine, write=False) as conn:
        partner = registry.find(conn, node_id(town, "alpha"), beta.node.clock.now())
    assert partner is not None
    access = Access("identifyDeceased", "consent", ("custody:collect",))
    with pytest.raises(RefusedError) as refused:
        beta.node.peers.call(partner, "GET", f"{TRANSFERS}/{transfer}/record", access)
    assert refused.value.status == 403
    assert "release" not in alpha.events()


def cancel(town: Town, transfer: str) -> httpx2.Response:
    path = f"{TRANSFERS}/{transfer}/decision"
    return town.nodes["alpha"].call("releaseOfficer", "POST", path, {"decision": "cancel"})


@pytest.mark.parametrize(
    ("meanwhile", "there"), [("", "cancelled"), ("decline", "declined"), ("take", "refused")]
)
def test_an_offer_that_is_taken_back_leaves_the_record_where_it_was(
    town: Town, meanwhile: str, there: str
) -> None:
    transfer, person, _ = offered(town)
    if meanwhile:
        made(answer(town, transfer, meanwhile), 200)
    assert made(cancel(town, transfer), 200)["state"] == "cancelled"
    town.deliver()
    assert (state(town, "alpha", transfer), state(town, "beta", transfer)) == ("cancelled", there)
    assert (person_at(town, "alpha", person).status_code, person_at(town, "beta", person).status_code) == (
        200,
        404,
    )
    assert made(town.nodes["beta"].call("releaseOfficer", "GET", "/v1/tasks"), 200)["items"] == []
    assert samples.refusal(answer(town, transfer, "take")) == (409, "conflict")
    assert samples.refusal(cancel(town, transfer)) == (409, "conflict")
    again = made(offer(town, person))["transferId"]
    town.deliver()
    made(answer(town, again, "take"), 200)
    town.deliver()
    assert person_at(town, "beta", person).status_code == 200
    assert samples.refusal(cancel(town, again)) == (409, "conflict")


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (lambda package, *_: package, "does not follow its schema"),
        (lambda package, key, terms: _resealed(package, key, terms, transfer=new_id("transfer")), "this use"),
        (lambda package, key, terms: _resealed(package, key, terms, purpose="statistics"), "this use"),
    ],
    ids=["clear", "transfer", "purpose"],
)
def test_a_record_that_is_not_sealed_for_this_transfer_is_not_taken(
    town: Town, monkeypatch: pytest.MonkeyPatch, wrong: Any, says: str
) -> None:
    transfer, person, _ = offered(town)
    monkeypatch.setattr("tests.server.exchange.town.judge", lambda *_: None)
    with monkeypatch.context() as patch:
        patch.setattr(sealing, "sealed", lambda package, key, terms, **_: wrong(package, key, terms))
        refused = answer(town, transfer, "take")
    assert samples.refusal(refused) == (502, "partnerFailed")
    assert says in refused.json()["detail"]
    assert (state(town, "beta", transfer), person_at(town, "beta", person).status_code) == ("offered", 404)


def _resealed(package: Body, key: Body, terms: Terms, **bound: str) -> Body:
    issuer = str(jws.parse(package["statement"]).claims["iss"])
    return REAL_SEAL(package, key, replace(terms, **bound), issuer=issuer) | {"transfer": terms.transfer}


@pytest.mark.parametrize("version", [0, (1 << 30) + 1])
def test_a_record_whose_versions_cannot_be_counted_on_is_not_taken(
    town: Town, monkeypatch: pytest.MonkeyPatch, version: int
) -> None:
    transfer, person, _ = offered(town)
    sign = signatures.sign
    with monkeypatch.context() as patch:
        patch.setattr(
            signatures, "sign", lambda keys, typ, told: sign(keys, typ, told | {"version": version})
        )
        assert samples.refusal(answer(town, transfer, "take")) == (502, "partnerFailed")
    town.deliver()
    assert (state(town, "alpha", transfer), state(town, "beta", transfer)) == ("offered", "offered")
    assert person_at(town, "alpha", person).status_code == 200


def test_a_declined_record_stays(town: Town) -> None:
    transfer, person, _ = offered(town)
    answer(town, transfer, "decline")
    town.deliver()
    assert (state(town, "alpha", transfer), state(town, "beta", transfer)) == ("declined", "declined")
    assert person_at(town, "alpha", person).status_code == 200
    assert samples.refusal(answer(town, transfer, "take")) == (409, "conflict")


def test_a_withdrawal_on_the_way_keeps_the_record_where_it_was(town: Town) -> None:
    transfer, person, directive = offered(town)
    made(answer(town, transfer, "take"), 200)
    path = f"/v1/directives/{directive}/withdrawals"
    made(town.nodes["alpha"].call("registrar", "POST", path, {}))
    town.deliver()
    assert (state(town, "alpha", transfer), state(town, "beta", transfer)) == ("refused", "refused")
    assert person_at(town, "alpha", person).status_code == 200
    assert person_at(town, "beta", person).status_code == 404


def test_after_a_withdrawal_nothing_is_handed_out(town: Town) -> None:
    transfer, _, directive = offered(town)
    path = f"/v1/directives/{directive}/withdrawals"
    made(town.nodes["alpha"].call("registrar", "POST", path, {}))
    assert answer(town, transfer, "take").status_code == 404
    town.nodes["alpha"].call("registrar", "GET", "/v1/persons")
    town.down.add("alpha")
    assert samples.refusal(answer(town, transfer, "take")) == (502, "partnerFailed")


def test_who_holds_a_release_learns_the_new_custodian(
    town: Town, databases: Databases, database_url: str, tmp_path: Path
) -> None:
    """Alpha holds a release of beta's record; beta hands the record over to a third node."""
    third = databases.fresh(make_url(database_url).get_backend_name(), create_schema)
    town.add("gamma", third, tmp_path)
    town.introduce(beta={"recipientClass": "forensic"})
    received, _, _ = released(town)
    taken_by_gamma(town, received)
    assert held_by_alpha(town, received)["custodian"] == node_id(town, "gamma")


@pytest.mark.parametrize("known", [True, False], ids=["by another key", "not at all"])
def test_news_of_a_custodian_come_again_until_its_key_is_known(
    town: Town, databases: Databases, database_url: str, tmp_path: Path, known: bool
) -> None:
    """Else the data would stay with alpha whatever gamma calls back."""
    third = databases.fresh(make_url(database_url).get_backend_name(), create_schema)
    gamma = town.add("gamma", third, tmp_path)
    for one, other in (("beta", "gamma"), ("gamma", "beta")):
        town.register(town.nodes[one], town.entry(other))
    if known:
        town.register(town.nodes["alpha"], town.entry("gamma", jwks=town.entry("beta")["jwks"]))
    received, _, _ = released(town)
    taken_by_gamma(town, received)
    assert "custodian" not in held_by_alpha(town, received)
    town.register(town.nodes["alpha"], town.entry("gamma"))
    town.wait(hours=1)
    town.deliver()
    assert held_by_alpha(town, received)["custodian"] == gamma.node.settings.node_id


def taken_by_gamma(town: Town, received: Body) -> None:
    """Let gamma take over from beta what alpha holds a release of."""
    body = samples.transfer(received["record"], node_id(town, "gamma"))
    transfer = made(town.nodes["beta"].call("releaseOfficer", "POST", TRANSFERS, body))["transferId"]
    town.deliver()
    path = f"{TRANSFERS}/{transfer}/answer"
    made(town.nodes["gamma"].call("releaseOfficer", "POST", path, samples.TAKE), 200)
    town.deliver()


def held_by_alpha(town: Town, received: Body) -> Body:
    """Return how alpha shows what it received."""
    path = f"/v1/received-releases/{received['receivedReleaseId']}"
    return made(town.nodes["alpha"].call("caseWorker", "GET", path), 200)


@pytest.mark.parametrize(
    ("said", "to"),
    [
        ({}, "beta"),
        ([], "beta"),
        ({"urn:mpex:event:custodyState": "taken"}, "beta"),
        ({"urn:mpex:event:custodyState": {"state": "taken"}}, "beta"),
        ({"urn:mpex:event:custodyState": {"state": "taken", "version": "many"}}, "beta"),
        ({"urn:mpex:event:custodyState": {"state": "taken", "version": 2}}, "alpha"),
    ],
    ids=["another", "list", "text", "nothing", "malformed", "elsewhere"],
)
def test_another_token_of_a_node_does_not_make_it_a_custodian(town: Town, said: Any, to: str) -> None:
    """A receipt is signed by its node, too; and what a partner passes on has any form and addressee."""
    received, _, _ = released(town)
    beta = town.nodes["beta"].node
    record = {"record": received["record"], "transferId": new_id("transfer"), "digest": "A" * 43}
    if isinstance(said, dict):
        said = {name: record | of if isinstance(of, dict) else of for name, of in said.items()}
    claims: Body = {"iss": node_id(town, "beta"), "aud": node_id(town, to), "jti": new_id("event")}
    claims |= {"iat": int(beta.clock.now().timestamp()), "sequence": 1, "events": said}
    claims |= {"sub_id": {"format": "opaque", "id": received["release"]}}
    token = signatures.sign(beta.keys, "secevent+jwt", claims)
    assert told_of(town, received["release"], "beta", token) == []
    assert "custodian" not in held_by_alpha(town, received)


def test_news_by_an_unknown_key_end_with_the_data_that_they_are_about(town: Town) -> None:
    received, _, _ = released(town)
    alpha = town.nodes["alpha"].node
    token = signatures.sign(alpha.keys, "secevent+jwt", {})
    assert told_of(town, new_id("release"), "beta", token) == []
    assert told_of(town, received["release"], "beta", token) == [node_id(town, "alpha")]


def told_of(town: Town, release: str, custodian: str, acceptance: str) -> list[str]:
    """Let beta tell alpha of a custodian; return who has not accepted the news."""
    beta = town.nodes["beta"].node
    event = {"release": release, "custodian": node_id(town, custodian), "acceptance": acceptance}
    with transaction(beta.engine) as conn:
        outbox.enqueue(
            OwnWork(conn, beta.keys, beta.clock, beta.settings),
            partner=node_id(town, "alpha"),
            event_type="custodianChanged",
            subject=release,
            purpose="searchLiving",
            event=event,
        )
    town.work()
    with transaction(beta.engine) as conn:
        return outbox.partners_due(conn, beta.clock.now() + timedelta(days=9), limit=1)


def test_a_node_that_ends_hands_over_calls_back_and_erases(town: Town) -> None:
    alpha = town.nodes["alpha"]
    permitted = record(alpha, permit(alpha, sets=["identity"]))
    unpermitted = record(alpha)
    released(town)
    with transaction(alpha.node.engine) as conn:
        work = OwnWork(conn, alpha.node.keys, alpha.node.clock, alpha.node.settings)
        offered, kept = shutdown.offer_all(
            work, to=node_id(town, "beta"), purpose="searchLiving", legal_basis="consent"
        )
        assert (offered, kept) == (2, [unpermitted])
        assert shutdown.erase_rest(work) == 2
    town.deliver()
    items = made(town.nodes["beta"].call("releaseOfficer", "GET", "/v1/tasks"), 200)["items"]
    for task in [entry for entry in items if entry["kind"] == "custodyOffer"]:
        made(answer(town, task["subject"], "take"), 200)
    town.deliver()
    assert person_at(town, "beta", permitted).status_code == 200
    assert [person_at(town, "alpha", name).status_code for name in (permitted, unpermitted)] == [404, 404]
    with transaction(alpha.node.engine) as conn:
        work = OwnWork(conn, alpha.node.keys, alpha.node.clock, alpha.node.settings)
        left = shutdown.plan(work)
    assert set(left.open.values()) == {0}
    assert left.done
    assert left.lost["directive"] > 0


def test_a_plan_counts_whatever_is_left_open_and_a_death_that_is_not_told_stays(town: Town) -> None:
    alpha = town.nodes["alpha"]
    dead = record(alpha, permit(alpha, sets=["identity"]))
    death = samples.identification(persons=[dead])
    made(alpha.call("releaseOfficer", "POST", "/v1/identifications", death))
    asked = samples.assistance(node_id(town, "beta"))
    made(alpha.call("caseWorker", "POST", "/v1/assistance-requests", asked))
    made(alpha.call("registrar", "POST", "/v1/erasure-requests", samples.erasure(record(alpha))))
    with transaction(alpha.node.engine) as conn:
        work = OwnWork(conn, alpha.node.keys, alpha.node.clock, alpha.node.settings)
        assert shutdown.erase_rest(work) == 1
        left = shutdown.plan(work)
    waiting = {name for name, count in left.open.items() if count}
    assert waiting == {
        "records",
        "assistance requests without an end",
        "erasures that wait",
        "events that no partner has taken",
        "tasks",
    }
    assert not left.done
    assert left.lost.keys() >= {"directive", "identification", "erasure", "assistance"}


def test_grave_categories_move_when_two_persons_have_approved(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    alpha = town.nodes["alpha"]
    strict = replace(office.of(alpha.node.settings), four_eyes=frozenset({"names"}))
    monkeypatch.setattr(office, "of", lambda _settings: strict)
    person = record(alpha, permit(alpha, sets=["identity"]))
    transfer = made(offer(town, person))
    assert (transfer["state"], "proposedBy" in transfer) == ("proposed", False)
    assert town.deliver() == 0
    assert samples.refusal(offer(town, person)) == (409, "conflict")
    (task,) = made(alpha.call("supervisor", "GET", "/v1/tasks"), 200)["items"]
    assert (task["kind"], task["subject"]) == ("custodyApproval", transfer["transferId"])
    path, yes = f"{TRANSFERS}/{transfer['transferId']}/decision", {"decision": "approve"}
    assert samples.refusal(alpha.call("releaseOfficer", "POST", path, yes)) == (409, "conflict")
    assert made(alpha.call("supervisor", "POST", path, yes), 200)["state"] == "offered"
    assert samples.refusal(alpha.call("supervisor", "POST", path, yes)) == (409, "conflict")
    assert made(alpha.call("supervisor", "GET", "/v1/tasks"), 200)["items"] == []
    town.deliver()
    made(answer(town, transfer["transferId"], "take"), 200)
    town.deliver()
    assert person_at(town, "beta", person).status_code == 200


def test_one_person_suffices_to_refuse_and_nothing_grave_is_added_to_an_offer(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    alpha = town.nodes["alpha"]
    strict = replace(office.of(alpha.node.settings), four_eyes=frozenset({"birth"}))
    monkeypatch.setattr(office, "of", lambda _settings: strict)
    directive = permit(alpha, sets=["identity"])
    plain = {"names": SECTIONS["names"]}
    person = record(alpha, directive, plain)
    transfer = made(offer(town, person))
    assert transfer["state"] == "offered"
    town.deliver()
    read = person_at(town, "alpha", person)
    later = samples.contribution(sections=SECTIONS, directive=directive)
    changed = read.json() | {"contributions": [*read.json()["contributions"], later]}
    made(alpha.call("registrar", "PUT", f"/v1/persons/{person}", changed, match=read.headers["etag"]), 200)
    assert answer(town, transfer["transferId"], "take").status_code == 404
    proposed = made(offer(town, record(alpha, directive)))
    path = f"{TRANSFERS}/{proposed['transferId']}/decision"
    refused = made(alpha.call("releaseOfficer", "POST", path, {"decision": "refuse"}), 200)
    assert refused["state"] == "refused"
    assert made(offer(town, proposed["record"]))["state"] == "proposed"


def test_what_is_withheld_is_lost_only_when_the_new_custodian_accepts_it(town: Town) -> None:
    """Something may be withheld of one contribution although another one gives the category."""
    alpha, beta = town.nodes["alpha"], town.nodes["beta"]
    permitted, unpermitted = permit(alpha, sets=["identity"]), permit(alpha, sets=["existence"])
    names = {"names": SECTIONS["names"]}
    both = [samples.contribution(sections=names, directive=each) for each in (permitted, unpermitted)]
    person = samples.made(alpha, "registrar", "/v1/persons", samples.person(contributions=both))["recordId"]
    transfer = made(offer(town, person))
    assert (transfer["categories"], transfer["withheld"]) == (["names"], ["names"])
    town.deliver()
    path = f"{TRANSFERS}/{transfer['transferId']}/answer"
    refused = beta.call("releaseOfficer", "POST", path, {"answer": "take"})
    assert (samples.refusal(refused), samples.pointers(refused)) == (
        (422, "ruleViolation"),
        ["/withheldAccepted"],
    )
    made(answer(town, transfer["transferId"], "take"), 200)
    town.deliver()
    assert len(person_at(town, "beta", person).json()["contributions"]) == 1
