"""Candidates come from the index, and are the records that a look at every record would have found."""

from dataclasses import replace
from typing import Any

import pytest
from mpex_server.disclosures.work import OwnWork
from mpex_server.domain.features import features
from mpex_server.domain.scoring import score
from mpex_server.searches import candidates
from mpex_server.storage.engine import transaction

from benchmarks.register import Register
from tests.server.world import World

Json = dict[str, Any]
PEOPLE = 80


@pytest.fixture
def people(world: World) -> dict[str, Json]:
    """A register of invented people, by identifier."""
    items = [register.item() for register in [Register()] for _ in range(PEOPLE)]
    answer = world.call("registrar", "POST", "/v1/persons/import", {"items": items}).json()
    given = zip(answer["outcomes"], items, strict=True)
    return {outcome["recordId"]: item["record"] for outcome, item in given}


def found(world: World, query: Json, **options: Any) -> dict[str, Any]:
    node = world.node
    with transaction(node.engine, write=False) as conn:
        return candidates.scored(OwnWork(conn, node.keys, node.clock, node.settings), query, **options)


def test_the_index_finds_what_a_look_at_every_record_finds(world: World, people: dict[str, Json]) -> None:
    asking = Register(seed=2)
    for name in list(people)[::6]:
        query = asking.query(people[name])
        asked = features(query)
        every = {other: score(asked, features(record)) for other, record in people.items()}
        near = {other for other, scored in every.items() if scored.band in {"strong", "moderate"}}
        indexed = found(world, query)
        assert near | {name} <= indexed.keys()
        assert {other: indexed[other].band for other in near} == {other: every[other].band for other in near}
        assert all(indexed[other].score == pytest.approx(every[other].score) for other in indexed)


def test_what_too_many_have_is_left_out(world: World, people: dict[str, Json]) -> None:
    query = {"identity": {"nationalities": [{"country": "ER"}]}} | next(iter(people.values()))
    whole = found(world, query)
    rare = replace(candidates.WIDE, common=2)
    assert found(world, query, reach=rare).keys() < whole.keys()
    assert len(found(world, query, reach=replace(rare, opened=1))) == 1


def test_only_the_kinds_and_permits_that_are_asked_for_are_scored(
    world: World, people: dict[str, Json]
) -> None:
    query = next(iter(people.values()))
    assert found(world, query)
    assert found(world, query, among={"remainsUnit"}) == {}
    assert found(world, query, mask=1) == {}
