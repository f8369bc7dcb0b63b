"""Proposals: what a recipient of a release lets the custodian know, and how long it stays there."""

from datetime import timedelta
from typing import Any

from mpex_server.keys import place_of
from mpex_server.storage.documents import Documents
from mpex_server.storage.engine import transaction

from tests.server.exchange.town import REQUESTS, SECTIONS, Body, Town, made, permit, record, released
from tests.server.records import samples
from tests.server.records.samples import refusal
from tests.server.world import World

_TOLD = SECTIONS | {"physical": {"heightCm": {"min": 171, "max": 171}}}
PROPOSALS = "/v1/change-proposals"


def proposed(town: Town, **draft: Any) -> tuple[Body, Body, str]:
    """Let alpha propose to beta what it knows; return the proposal there, the record, the directive here."""
    received, _, _ = released(town)
    alpha, beta = town.nodes["alpha"], town.nodes["beta"]
    basis = permit(alpha, sets=["identity", "searchDetail"])
    made(propose(alpha, received, record(alpha, basis, _TOLD), **draft))
    town.work()
    (there,) = made(beta.call("caseWorker", "GET", PROPOSALS), 200)["items"]
    return there, persons(beta)[0], basis


def propose(world: World, received: Body, own: str, **draft: Any) -> Any:
    path = f"/v1/received-releases/{received['receivedReleaseId']}/change-proposals"
    body = {"kind": "addition", "record": own, "categories": ["physical"], "legalBasis": "consent"}
    return world.call("releaseOfficer", "POST", path, body | draft)


def persons(world: World) -> list[Body]:
    return list(made(world.call("registrar", "GET", "/v1/persons"), 200)["items"])


def collect(world: World, proposal: Body) -> Any:
    return world.call("caseWorker", "POST", f"{REQUESTS}/{proposal['partnerReleaseRequest']}/collection")


def answer(world: World, proposal: Body, **given: str) -> Any:
    return world.call("caseWorker", "POST", f"{PROPOSALS}/{proposal['changeProposalId']}/answer", given)


def contradicted(world: World, proposal: Body, **details: Any) -> list[Body] | None:
    """Return what of the record is said to differ; None when nothing is said of that."""
    path = f"{PROPOSALS}/{proposal['changeProposalId']}"
    return made(world.call("caseWorker", "GET", path, **details), 200).get("contradicts")


def heights(world: World, record_id: str) -> list[int]:
    shown = made(world.call("registrar", "GET", f"/v1/persons/{record_id}"), 200)
    sections = [entry["sections"].get("physical", {}) for entry in shown["contributions"]]
    return [section["heightCm"]["min"] for section in sections if section]


def tasks(world: World, kind: str) -> list[str]:
    items = made(world.call("caseWorker", "GET", f"/v1/tasks?kind={kind}"), 200)["items"]
    return [item["subject"] for item in items]


def test_what_is_accepted_stands_in_the_record_until_it_is_withdrawn(town: Town) -> None:
    there, held, basis = proposed(town)
    alpha, beta = town.nodes["alpha"], town.nodes["beta"]
    assert (there["record"], there["state"]) == (held["recordId"], "proposed")
    assert tasks(beta, "changeProposed") == [there["changeProposalId"]]
    assert refusal(answer(beta, there, answer="accept")) == (409, "conflict")
    made(collect(beta, there))
    assert heights(beta, held["recordId"]) == [164]
    differing = {
        "contribution": held["contributions"][0]["contributionId"],
        "category": "physical",
        "members": ["heightCm"],
    }
    assert contradicted(beta, there) == [differing]
    assert contradicted(beta, there, categories=["names"]) == []
    assert contradicted(beta, there, purpose="identifyDeceased") is None

    accepted = made(answer(beta, there, answer="accept"), 200)
    assert (accepted["state"], accepted["contradicts"]) == ("accepted", [differing])
    assert refusal(answer(beta, there, answer="accept")) == (409, "conflict")
    assert heights(beta, held["recordId"]) == [164, 171]
    added = persons(beta)[0]["contributions"][-1]
    assert added["contributor"] == alpha.node.settings.node_id
    assert (added["source"], "directive" in added) == ("partner", False)
    assert tasks(beta, "changeProposed") == []
    town.work()
    (here,) = made(alpha.call("caseWorker", "GET", PROPOSALS), 200)["items"]
    assert (here["state"], "reason" in here) == ("accepted", False)
    assert contradicted(alpha, here) is None
    assert tasks(alpha, "changeAnswered") == [here["changeProposalId"]]

    whole = made(beta.call("registrar", "GET", f"/v1/persons/{held['recordId']}"), 200)
    tag = beta.call("registrar", "GET", f"/v1/persons/{held['recordId']}").headers["etag"]
    own = next(entry["directive"] for entry in whole["contributions"] if "directive" in entry)
    whole["contributions"][-1]["directive"] = own
    shared = beta.call("registrar", "PUT", f"/v1/persons/{held['recordId']}", whole, match=tag)
    assert refusal(shared) == (422, "ruleViolation")

    made(alpha.call("registrar", "POST", f"/v1/directives/{basis}/withdrawals", {}))
    town.work()
    assert heights(beta, held["recordId"]) == [164]
    assert contradicted(beta, there) is None
    with transaction(beta.node.engine) as conn:
        documents = Documents(conn, beta.node.keys, beta.node.clock)
        versions = [documents.earlier.body(held["recordId"], version) for version in (1, 2, 3)]
    left = [len(version["contributions"]) for version in versions if version]
    assert left == [1, 1]


def test_collecting_anew_keeps_what_was_accepted_beyond_the_term(town: Town) -> None:
    there, held, _ = proposed(town)
    beta = town.nodes["beta"]
    made(collect(beta, there))
    made(answer(beta, there, answer="accept"), 200)
    town.wait(days=20)
    # What was taken in is known again, whichever secret is newest.
    place_of(beta.node.settings).add("audit")
    made(collect(beta, there))
    assert heights(beta, held["recordId"]) == [164, 171]
    town.wait(days=15)
    town.work()
    assert heights(beta, held["recordId"]) == [164, 171]
    town.wait(days=20)
    town.work()
    assert heights(beta, held["recordId"]) == [164]


def test_what_says_something_else_when_it_is_collected_anew_waits_for_a_person(town: Town) -> None:
    there, held, _ = proposed(town)
    alpha, beta = town.nodes["alpha"], town.nodes["beta"]
    made(collect(beta, there))
    made(answer(beta, there, answer="accept"), 200)
    own = next(each for each in persons(alpha) if "171" in str(each))
    path = f"/v1/persons/{own['recordId']}"
    read = alpha.call("registrar", "GET", path)
    body = made(read, 200)
    body["contributions"][0]["sections"]["physical"] = {"heightCm": {"min": 150, "max": 150}}
    made(alpha.call("registrar", "PUT", path, body, headers={"If-Match": read.headers["etag"]}), 200)
    town.work()
    made(collect(beta, there))
    assert heights(beta, held["recordId"]) == [164]
    assert tasks(beta, "changeProposed") == [there["changeProposalId"]]
    made(answer(beta, there, answer="accept"), 200)
    assert heights(beta, held["recordId"]) == [164, 150]


def test_what_is_declined_is_erased_and_its_reason_stays_with_the_custodian(town: Town) -> None:
    there, held, _ = proposed(town, kind="correction", contribution="contribution:" + "a" * 26)
    alpha, beta = town.nodes["alpha"], town.nodes["beta"]
    received = made(collect(beta, there))
    declined = made(answer(beta, there, answer="decline", reason="known"), 200)
    assert (declined["state"], declined["reason"]) == ("declined", "known")
    path = f"/v1/received-releases/{received['receivedReleaseId']}"
    assert made(beta.call("caseWorker", "GET", path), 200)["state"] == "erased"
    assert heights(beta, held["recordId"]) == [164]
    town.work()
    (here,) = made(alpha.call("caseWorker", "GET", PROPOSALS), 200)["items"]
    assert (here["state"], "reason" in here) == ("declined", False)
    assert refusal(answer(alpha, here, answer="accept")) == (409, "conflict")


def test_nothing_is_proposed_that_consent_or_the_record_does_not_hold(town: Town) -> None:
    received, _, _ = released(town)
    alpha = town.nodes["alpha"]
    shared, kept = record(alpha, permit(alpha, sets=["identity"]), _TOLD), record(alpha, None, _TOLD)
    for own, categories in ((shared, ["physical"]), (shared, ["dental"]), (kept, ["names"])):
        assert refusal(propose(alpha, received, own, categories=categories)) == (422, "ruleViolation")
    alive = record(alpha, permit(alpha, sets=["identity"]), _TOLD, type="foundAlive")
    assert refusal(propose(alpha, received, alive)) == (422, "ruleViolation")
    path = f"/v1/received-releases/{received['receivedReleaseId']}/erasure"
    made(alpha.call("releaseOfficer", "POST", path), 200)
    assert refusal(propose(alpha, received, shared, categories=["names"])) == (409, "conflict")


def test_a_custodian_that_has_nothing_to_propose_about_stays_silent(town: Town) -> None:
    received, _, _ = released(town)
    alpha, beta = town.nodes["alpha"], town.nodes["beta"]
    (held,) = persons(beta)
    shown = beta.call("registrar", "GET", f"/v1/persons/{held['recordId']}")
    gone = shown.json() | {"status": "restricted"}
    made(
        beta.call("registrar", "PUT", f"/v1/persons/{held['recordId']}", gone, match=shown.headers["etag"]),
        200,
    )
    made(propose(alpha, received, record(alpha, permit(alpha, sets=["searchDetail"]), _TOLD)))
    town.work()
    town.clock.advance(timedelta(days=1))
    town.work()
    assert made(beta.call("caseWorker", "GET", PROPOSALS), 200)["items"] == []
    assert tasks(beta, "changeProposed") == []
    (here,) = made(alpha.call("caseWorker", "GET", PROPOSALS), 200)["items"]
    assert here["state"] == "proposed"


def test_a_proposal_can_neither_replace_nor_remove_what_others_gave(town: Town) -> None:
    received, _, _ = released(town)
    alpha, beta = town.nodes["alpha"], town.nodes["beta"]
    held = persons(beta)[0]
    own = held["contributions"][0]
    basis = permit(alpha, sets=["identity", "searchDetail"])
    entry = samples.contribution(sections=_TOLD, contributionId=own["contributionId"], directive=basis)
    body = samples.person(contributions=[entry])
    mine = str(made(alpha.call("registrar", "POST", "/v1/persons", body))["recordId"])
    made(propose(alpha, received, mine))
    town.work()
    (there,) = made(beta.call("caseWorker", "GET", PROPOSALS), 200)["items"]
    made(collect(beta, there))
    made(answer(beta, there, answer="accept"), 200)
    assert persons(beta)[0]["contributions"][0] == own
    assert heights(beta, held["recordId"]) == [164, 171]

    made(alpha.call("registrar", "POST", f"/v1/directives/{basis}/withdrawals", {}))
    town.work()
    assert persons(beta)[0]["contributions"] == [own]
    with transaction(beta.node.engine) as conn:
        documents = Documents(conn, beta.node.keys, beta.node.clock)
        earlier = documents.earlier.body(held["recordId"], 1)
    assert earlier is not None
    assert earlier["contributions"] == [own]


def test_what_no_record_can_hold_is_not_accepted(town: Town) -> None:
    there, held, _ = proposed(town)
    beta = town.nodes["beta"]
    received = made(collect(beta, there))
    with transaction(beta.node.engine) as conn:
        documents = Documents(conn, beta.node.keys, beta.node.clock)
        kept = documents.get(received["receivedReleaseId"])
        data = documents.get(kept.body["data"]) if kept is not None else None
        assert data is not None
        body = data.body
        body["disclosures"]["physical"]["values"][0]["value"] = {"heightCm": "tall"}
        documents.replace(data, body, reason="test", actor="test")
    assert refusal(answer(beta, there, answer="accept")) == (409, "conflict")
    assert heights(beta, held["recordId"]) == [164]
