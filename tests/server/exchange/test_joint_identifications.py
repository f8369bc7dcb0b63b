"""Two nodes decide on one death, each for itself; only those who may know see it (CASE-016 to CASE-022)."""

import pytest
from mpex_server.disclosures.work import OwnWork
from mpex_server.events.taken import Taken
from mpex_server.identifications import joint_events
from mpex_server.kit.ids import new_id
from mpex_server.storage.engine import transaction

from tests.server.exchange.town import Body, Town, made, node_id, record, released
from tests.server.records import samples
from tests.server.world import World

JOINT = "/v1/joint-proposals"
IDENTIFICATIONS = "/v1/identifications"
UNKNOWING = ("registrar", "auditor", "administrator")


@pytest.fixture
def found(town: Town) -> tuple[Body, Body]:
    """Alpha identified a death on the ground of beta's release: what it received, and its identification."""
    received, _, _ = released(town)
    alpha = town.nodes["alpha"]
    body = samples.identification(persons=[record(alpha)], receivedReleases=[received["receivedReleaseId"]])
    return received, made(alpha.call("releaseOfficer", "POST", IDENTIFICATIONS, body))


@pytest.fixture
def proposed(town: Town, found: tuple[Body, Body]) -> Body:
    """The identification is proposed to beta, which has heard of it."""
    proposal = propose(town, *found)
    town.deliver()
    return proposal


def propose(town: Town, received: Body, identification: Body, status: int = 201) -> Body:
    path = f"{IDENTIFICATIONS}/{identification['identificationId']}/proposals"
    body = {"receivedRelease": received["receivedReleaseId"]}
    return made(town.nodes["alpha"].call("releaseOfficer", "POST", path, body), status)


def at(world: World, proposal: Body) -> Body:
    return made(world.call("releaseOfficer", "GET", f"{JOINT}/{proposal['proposalId']}"), 200)


def answer(world: World, proposal: Body, body: Body, status: int = 200) -> Body:
    path = f"{JOINT}/{proposal['proposalId']}/answer"
    return made(world.call("releaseOfficer", "POST", path, body), status)


def identified(world: World, person: str, **members: object) -> str:
    body = samples.identification(persons=[person], **members)
    return str(made(world.call("releaseOfficer", "POST", IDENTIFICATIONS, body))["identificationId"])


def concurred(town: Town, proposed: Body) -> str:
    """Let beta concur; return its identification."""
    beta = town.nodes["beta"]
    own = identified(beta, at(beta, proposed)["record"])
    answer(beta, proposed, {"answer": "concur", "identification": own})
    town.deliver()
    return own


def shown(world: World, identification: str) -> Body:
    return made(world.call("releaseOfficer", "GET", f"{IDENTIFICATIONS}/{identification}"), 200)


def revoke(world: World, identification: str) -> Body:
    path = f"{IDENTIFICATIONS}/{identification}"
    read = world.call("releaseOfficer", "GET", path)
    headers = {"If-Match": read.headers["etag"]}
    return made(
        world.call("releaseOfficer", "PUT", path, read.json() | {"state": "revoked"}, headers=headers), 200
    )


def tasks(world: World, who: str = "releaseOfficer") -> list[str]:
    items = made(world.call(who, "GET", "/v1/tasks"), 200)["items"]
    return [task["kind"] for task in items if task["subject"].startswith("jointProposal:")]


def test_a_proposal_arrives_with_what_was_decided_and_nothing_else(town: Town, proposed: Body) -> None:
    there = at(town.nodes["beta"], proposed)
    assert (there["from"], there["state"]) == (node_id(town, "alpha"), "proposed")
    assert there["record"] == proposed["record"]
    assert there["competentAuthority"] == "Invented Court No. 1"
    assert "identification" not in there
    joint = shown(town.nodes["alpha"], proposed["identification"])["joint"]
    assert joint == [
        {"proposalId": proposed["proposalId"], "partner": node_id(town, "beta"), "state": "proposed"}
    ]


def test_only_those_who_may_know_see_a_proposal_and_its_task(town: Town, proposed: Body) -> None:
    beta = town.nodes["beta"]
    assert tasks(beta) == ["identificationProposed"]
    assert tasks(beta, "registrar") == []
    calendar = beta.call("registrar", "GET", "/v1/tasks/calendar").text
    assert "identificationProposed" not in calendar
    for who in UNKNOWING:
        assert beta.call(who, "GET", JOINT).status_code == 403
    assert tasks(beta, "caseWorker") == ["identificationProposed"]
    concurred(town, proposed)
    for world in town.nodes.values():
        world.sequence()
        log = world.call("auditor", "GET", "/v1/log/entries").text
        assert not [word for word in ("Proposed", "Answered") if f"identification{word}" in log]
        assert "concurred" not in log
    for who in UNKNOWING:
        assert beta.call(who, "GET", f"{JOINT}/{proposed['proposalId']}").status_code == 403


def test_a_task_that_nobody_may_know_of_is_not_found(town: Town, proposed: Body) -> None:
    concurred(town, proposed)
    alpha = town.nodes["alpha"]
    items = made(alpha.call("releaseOfficer", "GET", "/v1/tasks"), 200)["items"]
    (task,) = [item["taskId"] for item in items if item["kind"] == "jointIdentification"]
    path = f"/v1/tasks/{task}/completion"
    assert samples.refusal(alpha.call("registrar", "POST", path, {})) == (404, "notFound")
    made(alpha.call("releaseOfficer", "POST", path, {}), 200)


def test_the_record_is_under_embargo_from_the_moment_a_proposal_arrives(town: Town, proposed: Body) -> None:
    beta = town.nodes["beta"]
    held = at(beta, proposed)["record"]
    path = f"/v1/persons/{held}"
    before = beta.call("registrar", "GET", path)
    resolved = {"record": held, "cause": "resolution"}
    assert beta.call("releaseOfficer", "POST", "/v1/recalls", resolved).status_code == 409
    concurred(town, proposed)
    after = beta.call("registrar", "GET", path)
    assert (after.content, after.headers["etag"]) == (before.content, before.headers["etag"])


def test_both_sides_show_that_they_concur(town: Town, proposed: Body) -> None:
    own = concurred(town, proposed)
    alpha, beta = town.nodes["alpha"], town.nodes["beta"]
    assert [entry["state"] for entry in shown(beta, own)["joint"]] == ["concurred"]
    assert [entry["state"] for entry in shown(alpha, proposed["identification"])["joint"]] == ["concurred"]
    assert tasks(beta) == []
    assert tasks(alpha) == ["jointIdentification"]
    assert answer(beta, proposed, {"answer": "disagree", "reason": "other"}, 409)


def test_one_side_disagrees_and_the_other_stands(town: Town, proposed: Body) -> None:
    alpha, beta = town.nodes["alpha"], town.nodes["beta"]
    answer(beta, proposed, {"answer": "disagree", "reason": "contradictingEvidence"})
    town.deliver()
    there = at(alpha, proposed)
    assert (there["state"], there["reason"]) == ("disagreed", "contradictingEvidence")
    standing = shown(alpha, proposed["identification"])
    assert (standing["state"], standing["embargoed"]) == ("preliminary", True)


@pytest.mark.parametrize("wrong", ["another record", "alive", "revoked", "nothing"])
def test_an_answer_that_says_something_else_is_no_concurrence(town: Town, proposed: Body, wrong: str) -> None:
    beta = town.nodes["beta"]
    held = at(beta, proposed)["record"]
    match wrong:
        case "another record":
            own = identified(beta, record(beta))
        case "alive":
            own = identified(beta, held, conclusion="alive")
        case "revoked":
            own = identified(beta, held)
            revoke(beta, own)
        case _:
            own = proposed["identification"]
    refused = answer(beta, proposed, {"answer": "concur", "identification": own}, 422)
    assert [error["pointer"] for error in refused["errors"]] == ["/identification"]


def test_a_revocation_is_told_and_the_other_side_decides_for_itself(town: Town, proposed: Body) -> None:
    own = concurred(town, proposed)
    alpha, beta = town.nodes["alpha"], town.nodes["beta"]
    revoke(alpha, proposed["identification"])
    town.deliver()
    assert "revokedAt" in at(beta, proposed)
    assert shown(beta, own)["state"] == "preliminary"
    assert tasks(beta) == ["jointIdentification"]


def test_what_is_revoked_before_the_answer_is_withdrawn(town: Town, proposed: Body) -> None:
    alpha, beta = town.nodes["alpha"], town.nodes["beta"]
    gone = revoke(alpha, proposed["identification"])
    assert [entry["state"] for entry in gone["joint"]] == ["withdrawn"]
    assert gone["version"] == shown(alpha, proposed["identification"])["version"]
    town.deliver()
    assert at(beta, proposed)["state"] == "withdrawn"
    answer(beta, proposed, {"answer": "disagree", "reason": "other"}, 409)
    assert tasks(beta) == ["jointIdentification"]


@pytest.mark.parametrize("when", ["before", "between", "after"])
def test_the_other_side_hears_that_the_family_was_told(
    town: Town, found: tuple[Body, Body], when: str
) -> None:
    alpha, beta = town.nodes["alpha"], town.nodes["beta"]
    path = f"{IDENTIFICATIONS}/{found[1]['identificationId']}/notification"
    steps = ["propose", "concur"]
    steps.insert(["before", "between", "after"].index(when), "tell")
    proposal: Body = {}
    own = ""
    for step in steps:
        if step == "tell":
            made(alpha.call("caseWorker", "POST", path, samples.notification()))
        elif step == "propose":
            proposal = propose(town, *found)
        else:
            own = concurred(town, proposal)
        town.deliver()
    assert "notifiedAt" in at(beta, proposal)
    assert shown(beta, own)["embargoed"] is True
    lift = {"officer": "Head of the invented office", "reason": "The other side told the family."}
    lifted = beta.call("releaseOfficer", "POST", f"{IDENTIFICATIONS}/{own}/embargo-lift", lift)
    assert made(lifted)["embargoed"] is False


def test_nothing_is_proposed_of_the_living_or_without_a_release(town: Town, found: tuple[Body, Body]) -> None:
    received, decided = found
    alpha = town.nodes["alpha"]
    alive = shown(
        alpha,
        identified(
            alpha, decided["persons"][0], conclusion="alive", receivedReleases=[received["receivedReleaseId"]]
        ),
    )
    propose(town, received, alive, 422)
    without = shown(alpha, identified(alpha, decided["persons"][0]))
    propose(town, received, without, 422)
    propose(town, received, decided)
    propose(town, received, decided, 409)
    town.deliver()
    assert len(made(town.nodes["beta"].call("releaseOfficer", "GET", JOINT), 200)["items"]) == 1


def test_neither_side_speaks_for_the_other(town: Town, proposed: Body) -> None:
    """Who proposed does not answer, and what was proposed is not withdrawn by whoever was asked."""
    alpha, beta = town.nodes["alpha"], town.nodes["beta"]
    answer(alpha, proposed, {"answer": "disagree", "reason": "other"}, 409)
    about = {"proposalId": proposed["proposalId"]}
    agreed = about | {"state": "concurred"}
    revoked = about | {"change": "revoked", "at": "2026-11-21T10:00:00Z"}
    for world, sender, take, told in (
        (beta, "alpha", joint_events.take_answer, agreed),
        (alpha, "beta", joint_events.take_change, revoked),
    ):
        with transaction(world.node.engine) as conn:
            work = OwnWork(conn, world.node.keys, world.node.clock, world.node.settings)
            take(work, Taken(node_id(town, sender), "", "", told, ""), "", "searchLiving")
        assert at(world, proposed)["state"] == "proposed"


def test_a_stranger_neither_proposes_nor_answers(town: Town, proposed: Body) -> None:
    """An event about a proposal of others, or about a release that the sender never had, does nothing."""

    beta = town.nodes["beta"].node
    stranger = new_id("node")
    told = {name: proposed[name] for name in ("release", "conclusion", "methods", "competentAuthority")}
    told |= {"decidedAt": proposed["decidedAt"], "identificationState": "confirmed"}
    change = {"proposalId": proposed["proposalId"], "change": "revoked", "at": "2026-11-21T10:00:00Z"}
    new = told | {"proposalId": new_id("jointProposal")}
    with transaction(beta.engine) as conn:
        work = OwnWork(conn, beta.keys, beta.clock, beta.settings)
        joint_events.take_change(work, Taken(stranger, "", "", change, ""), "", "searchLiving")
        joint_events.take_proposal(work, Taken(stranger, "", "", new, ""), "", "searchLiving")
    assert len(made(town.nodes["beta"].call("releaseOfficer", "GET", JOINT), 200)["items"]) == 1
    assert at(town.nodes["beta"], proposed)["state"] == "proposed"
