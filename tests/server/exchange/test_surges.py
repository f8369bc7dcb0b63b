"""Search surges: larger budgets for a time, for one partner or for all, granted, published and logged."""

from datetime import timedelta
from typing import Any

import pytest
from mpex_server.kit.ids import new_id

from tests.server.exchange.town import made, search
from tests.server.records import samples
from tests.server.world import World

PATH = "/v1/search-surges"
Body = dict[str, Any]


@pytest.fixture
def small(world: World) -> World:
    """A node whose partners may send one search a day."""
    object.__setattr__(world.node.settings, "partner_searches_per_day", 1)
    return world


def surge(world: World, **members: Any) -> Body:
    incident = made(world.call("registrar", "POST", "/v1/incidents", samples.incident()))["incidentId"]
    usual = {"searchesPerDay": 3, "until": "2026-11-21T12:00:00Z", "reason": "A boat."}
    return {"incident": incident} | usual | members


def answered(world: World, partner: str) -> int:
    """Return how many more searches of a partner are answered today."""
    count = 0
    while world.call(partner, "POST", "/v1/searches", search()).status_code == 200:
        count += 1
    return count


def test_a_surge_is_for_a_time_and_the_usual_budget_for_ever(small: World) -> None:
    assert answered(small, "one") == 1
    made(small.call("administrator", "POST", PATH, surge(small)))
    assert (answered(small, "one"), answered(small, "two")) == (2, 3)
    small.clock.advance(timedelta(days=1))
    assert answered(small, "one") == 1


def test_a_surge_may_be_for_one_partner(small: World) -> None:
    one = small.identities["one"].client_id
    granted = made(small.call("administrator", "POST", PATH, surge(small, partner=one)))
    assert (answered(small, "one"), answered(small, "two")) == (3, 1)
    (shown,) = small.raw("GET", "/.well-known/mpex-node").json()["searchSurges"]
    members = ("surgeId", "partner", "searchesPerDay", "until")
    assert shown == {name: granted[name] for name in members}
    assert small.events().count("surge") == 1
    (listed,) = made(small.call("auditor", "GET", PATH), 200)["items"]
    assert listed == granted
    small.clock.advance(timedelta(hours=2))
    assert small.raw("GET", "/.well-known/mpex-node").json()["searchSurges"] == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"until": "2026-11-21T10:00:00Z"},
        {"until": "2026-12-21T10:00:01Z"},
        {"searchesPerDay": 1},
        {"partner": new_id("node")},
        {"incident": new_id("incident")},
    ],
)
def test_a_surge_that_makes_no_sense_is_refused(small: World, wrong: Body) -> None:
    refused = small.call("administrator", "POST", PATH, surge(small) | wrong)
    assert (refused.status_code, samples.pointers(refused)) == (422, [f"/{next(iter(wrong))}"])
