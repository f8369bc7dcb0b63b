"""A token for some purposes and categories: staff get what it names and nothing else (PURP-005, PURP-006)."""

import json
from typing import Any

import mpex_spec
import pytest
from mpex_server.http.categories import categories_of

from tests.server.exchange.town import SECTIONS, Town, made, node_id, permit, record, search, sought
from tests.server.records import samples
from tests.server.world import World

EVERY = sorted(mpex_spec.codelist("categories"))
Body = dict[str, Any]


def without(*left_out: str) -> list[str]:
    return [name for name in EVERY if name not in left_out]


@pytest.mark.parametrize("name", ["registrar", "one"])
def test_a_purpose_that_the_node_does_not_publish_gets_no_token(world: World, name: str) -> None:
    object.__setattr__(world.node.settings, "purposes", ("searchLiving",))
    refused = world.token_response(name, purpose="identifyDeceased")
    assert (refused.status_code, refused.json()["error"]) == (400, "invalid_authorization_details")
    assert world.token_response(name, purpose="searchLiving").status_code == 200


@pytest.mark.parametrize(
    ("categories", "status"), [(EVERY, 200), (without("contact"), 403), (["names"], 403)]
)
def test_a_record_is_read_with_all_of_its_categories_or_not(
    world: World, categories: list[str], status: int
) -> None:
    held = record(world)
    for path in (f"/v1/persons/{held}", "/v1/persons"):
        assert world.call("registrar", "GET", path, categories=categories).status_code == status


def test_nothing_is_stored_that_the_token_may_not_see(world: World) -> None:
    body = samples.person()
    assert world.call("registrar", "POST", "/v1/persons", body, categories=["birth"]).status_code == 403
    assert made(world.call("registrar", "GET", "/v1/persons"), 200)["items"] == []


@pytest.mark.parametrize(("categories", "status"), [(EVERY, 200), (without("birth"), 403)])
@pytest.mark.parametrize("name", ["registrar", "one"])
def test_a_search_compares_what_the_token_names(
    world: World, name: str, categories: list[str], status: int
) -> None:
    record(world, permit(world, sets=["identity"]))
    body = search(releaseSet="summary")
    assert world.call(name, "POST", "/v1/searches", body, categories=categories).status_code == status


def test_a_query_with_more_than_the_token_names_is_not_sent(town: Town) -> None:
    alpha = town.nodes["alpha"]
    person, _ = sought(town)
    body = {name: search()[name] for name in ("purpose", "legalBasis", "caseReference")}
    body |= {"person": person, "releaseSet": "summary", "partners": [node_id(town, "beta")]}
    town.sent.clear()
    refused = alpha.call("caseWorker", "POST", "/v1/partner-searches", body, categories=without("names"))
    assert (refused.status_code, town.sent) == (403, [])


def test_categories_are_read_from_every_place_of_an_answer() -> None:
    person = samples.person(contributions=[samples.contribution(sections=SECTIONS)])
    assert categories_of("getPerson", person) >= SECTIONS.keys()
    assert categories_of("listPersons", {"items": [person]}) >= SECTIONS.keys()
    release = mpex_spec.root() / "examples" / "received-release.max.json"
    received = json.loads(release.read_text(encoding="utf-8"))
    assert categories_of("getReceivedRelease", received) >= received["disclosures"].keys()
    hit = {"hits": [{"evidence": [{"category": "dental", "agreement": "agrees"}]}]}
    assert categories_of("createSearch", hit) == {"dental"}
    assert categories_of("listTasks", {"items": [{"kind": "silentHit"}]}) == frozenset()
