"""Like queries on one record: three freeze it for the partner that sent them; four of several are told."""

from datetime import timedelta
from typing import Any

import pytest
from mpex_server.storage import tables as t
from mpex_server.storage.documents import Documents
from mpex_server.storage.engine import transaction
from sqlalchemy import select

from tests.server.exchange.test_release_rules import status
from tests.server.exchange.test_releases import collect, decide, requested
from tests.server.exchange.town import SECTIONS, made, permit, record, search
from tests.server.world import World

PATH = "/v1/searches"
PARTS = (
    ("names", "birth"),
    ("names", "birth", "summary"),
    ("names", "birth", "physical"),
    ("birth", "names"),
)
Body = dict[str, Any]


def ask(world: World, part: int, partner: str = "one", **members: Any) -> Body:
    query = {name: SECTIONS[name] for name in PARTS[part]}
    body = search(query=query, caseReference=f"case-{part}", **members)
    return made(world.call(partner, "POST", PATH, body), 200)


def kinds(world: World) -> list[tuple[str, str]]:
    items = made(world.call("caseWorker", "GET", "/v1/tasks"), 200)["items"]
    return [(item["kind"], item["subject"]) for item in items]


def test_the_third_distinct_query_freezes_until_somebody_has_looked(world: World) -> None:
    held = record(world, permit(world, sets=["identity"]))
    (hit,) = ask(world, 0)["hits"]
    assert [ask(world, part)["outcome"] for part in (0, 3, 1)] == ["possibleHit"] * 3
    assert kinds(world) == []
    assert ask(world, 2)["outcome"] == "noHit"
    assert kinds(world) == [("frozenRecord", held)]
    assert [ask(world, 0, partner)["outcome"] for partner in ("one", "two")] == ["noHit", "possibleHit"]
    terms = {name: search()[name] for name in ("purpose", "legalBasis", "releaseSet")}
    asked = terms | {"caseReference": "case-0", "reason": "It fits.", "hitReference": hit["reference"]}
    assert world.call("one", "POST", "/v1/release-requests", asked).status_code == 404
    assert made(world.call("caseWorker", "POST", PATH, search()), 200)["outcome"] == "possibleHit"
    (task,) = made(world.call("caseWorker", "GET", "/v1/tasks"), 200)["items"]
    made(world.call("caseWorker", "POST", f"/v1/tasks/{task['taskId']}/completion", {}), 200)
    assert ask(world, 0)["outcome"] == "possibleHit"
    assert made(world.call("one", "POST", "/v1/release-requests", asked), 202)


def test_each_of_several_that_take_turns_is_frozen_at_its_third_query(world: World) -> None:
    held = record(world, permit(world, sets=["identity"]))
    for part in (0, 1):
        assert {ask(world, part, partner)["outcome"] for partner in ("one", "two")} == {"possibleHit"}
    assert kinds(world) == [("probedRecord", held)]
    assert [ask(world, 2, partner)["outcome"] for partner in ("one", "two")] == ["noHit"] * 2
    assert sorted(kinds(world)) == [("frozenRecord", held)] * 2 + [("probedRecord", held)]


def test_what_was_approved_before_a_freeze_is_collected(world: World) -> None:
    record(world, permit(world, sets=["identity"]))
    request = requested(world)
    decide(world, request, "approve")
    assert [ask(world, part)["outcome"] for part in range(3)][-1] == "noHit"
    assert status(world, request)["state"] == "approved"
    made(collect(world, request), 200)


def test_queries_that_lie_far_apart_are_no_probing(world: World) -> None:
    record(world, permit(world, sets=["identity"]))
    for part in range(3):
        assert ask(world, part)["outcome"] == "possibleHit"
        world.clock.advance(timedelta(days=16))
    assert kinds(world) == []


def test_a_record_that_a_partner_may_not_know_is_guarded_and_told_to_nobody(world: World) -> None:
    denied = permit(world, sets=["identity"], purposes=["identifyDeceased"])
    held = record(world, denied)
    assert [ask(world, part)["outcome"] for part in range(3)] == ["noHit"] * 3
    assert kinds(world) == [("frozenRecord", held)]


def test_a_frozen_living_person_is_asked_all_the_same(world: World) -> None:
    living = record(world, permit(world, sets=["identity"]), type="foundAlive")
    for part in range(3):
        ask(world, part)
    ask(world, 0, "two")
    assert kinds(world).count(("silentHit", living)) == 2


def test_queries_of_several_partners_are_reported_and_answered(world: World) -> None:
    held = record(world, permit(world, sets=["identity"]))
    answers = [ask(world, part, partner) for part in (0, 1) for partner in ("one", "two")]
    assert {answer["outcome"] for answer in answers} == {"possibleHit"}
    assert kinds(world) == [("probedRecord", held)]


def test_a_repeated_request_counts_once(world: World) -> None:
    record(world, permit(world, sets=["identity"]))
    for part in (0, 1):
        ask(world, part)
    body = search(query={name: SECTIONS[name] for name in PARTS[2]})
    answers = [world.call("one", "POST", PATH, body, key="k" * 20).json() for _ in range(2)]
    assert [answer["outcome"] for answer in answers] == ["noHit"] * 2
    assert len(kinds(world)) == 1


@pytest.mark.parametrize("number", [1, 4])
def test_people_of_common_description_are_not_frozen_by_searches_for_others(
    world: World, number: int
) -> None:
    """Same sex and age and a share of the name are no close fit, however many queries have them."""
    record(world, permit(world, sets=["identity"]))
    for count in range(number):
        name = {"text": f"Fictia Otherová{count}", "script": "Latn"}
        query = {"names": {"names": [name]}, "summary": SECTIONS["summary"], "birth": {"date": f"199{count}"}}
        made(world.call("one", "POST", PATH, search(query=query)), 200)
    assert kinds(world) == []


def test_the_count_goes_with_the_record(world: World) -> None:
    held = record(world, permit(world, sets=["identity"]))
    ask(world, 0)
    with transaction(world.node.engine) as conn:
        assert conn.execute(select(t.search_touch)).all()
        Documents(conn, world.node.keys, world.clock).erase(held)
        assert conn.execute(select(t.search_touch)).all() == []
