"""Searches for members of a group at partners: each member apart, and the same request once."""

from typing import Any

from tests.server.exchange.town import SEARCHES, Town, made, node_id, permit, record, sought
from tests.server.records import samples
from tests.server.world import World

Body = dict[str, Any]


def boat(world: World, *people: str) -> tuple[str, list[str]]:
    """Register a group of somebody who was only mentioned and of these records; return group and members."""
    group = samples.made(world, "registrar", "/v1/groups", samples.group())["groupId"]
    rows = [samples.member("0")]
    rows += [
        {"row": str(number), "record": person, "source": "document", "certainty": "stated"}
        for number, person in enumerate(people, 1)
    ]
    listed = world.call("registrar", "POST", f"/v1/groups/{group}/members", {"members": rows})
    return group, [outcome["memberId"] for outcome in made(listed, 200)["outcomes"]]


def test_each_member_is_decided_sent_and_answered_apart_and_only_once(town: Town) -> None:
    alpha, beta = town.nodes["alpha"], town.nodes["beta"]
    person, _ = sought(town)
    record(beta, permit(beta, sets=["identity"]))
    group, members = boat(alpha, person, record(alpha))
    _, (stranger, *_) = boat(alpha)
    body = samples.group_search(node_id(town, "beta"), *members, stranger)
    path = f"/v1/groups/{group}/searches"
    found, again = (made(alpha.call("caseWorker", "POST", path, body, key="g" * 20)) for _ in range(2))
    assert found == again
    mentioned, known, closed, unknown = found["results"]
    assert [mentioned, unknown] == [
        {"member": members[0], "reason": "noRecord"},
        {"member": stranger, "reason": "noMember"},
    ]
    (answer,), (withheld,) = known["search"]["results"], closed["search"]["results"]
    assert answer["result"]["outcome"] == "possibleHit"
    assert withheld["state"] == "withheld"
    assert known["search"]["caseReference"] == "case-1"
    assert [path for _, path in town.sent].count("/v1/searches") == 1
    shown = made(alpha.call("caseWorker", "GET", SEARCHES), 200)["items"]
    assert sorted(each["partnerSearchId"] for each in shown) == sorted(
        each["search"]["partnerSearchId"] for each in (known, closed)
    )


def test_a_spent_budget_leaves_the_other_members_their_answers(town: Town) -> None:
    alpha, beta = town.nodes["alpha"], town.nodes["beta"]
    object.__setattr__(beta.node.settings, "partner_searches_per_day", 1)
    group, (_, *members) = boat(alpha, *(sought(town)[0] for _ in range(2)))
    body = samples.group_search(node_id(town, "beta"), *members)
    found = made(alpha.call("caseWorker", "POST", f"/v1/groups/{group}/searches", body))
    states = [each["search"]["results"][0]["state"] for each in found["results"]]
    assert sorted(states) == ["answered", "unreachable"]


def test_a_partner_out_of_reach_is_not_tried_for_every_member(town: Town) -> None:
    alpha = town.nodes["alpha"]
    group, (_, *members) = boat(alpha, *[sought(town)[0]] * 12)
    town.down.add("beta")
    body = samples.group_search(node_id(town, "beta"), *members)
    found = made(alpha.call("caseWorker", "POST", f"/v1/groups/{group}/searches", body))
    assert {each["search"]["results"][0]["state"] for each in found["results"]} == {"unreachable"}
    assert len(town.sent) < len(members)


def test_partners_are_not_told_who_belongs_together(town: Town) -> None:
    alpha = town.nodes["alpha"]
    group, (_, member) = boat(alpha, record(alpha))
    body = samples.group_search(node_id(town, "beta"), member)
    refused = alpha.call(
        "caseWorker", "POST", f"/v1/groups/{group}/searches", body | {"members": body["members"] * 2}
    )
    assert refused.status_code == 422
    pointers = [error["pointer"] for error in refused.json()["errors"]]
    assert pointers == ["/members/1/member", "/members/1/caseReference"]
    assert town.sent == []


def test_a_member_whose_record_is_erased_is_not_searched_for(town: Town) -> None:
    alpha = town.nodes["alpha"]
    person, _ = sought(town)
    group, (_, member) = boat(alpha, person)
    samples.erase(alpha, person)
    body = samples.group_search(node_id(town, "beta"), member)
    found = made(alpha.call("caseWorker", "POST", f"/v1/groups/{group}/searches", body))
    assert found["results"] == [{"member": member, "reason": "notInUse"}]
