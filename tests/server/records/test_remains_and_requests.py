"""Remains units and search requests: what they refer to, and what shows through from the shared rules."""

import json
import re
from collections.abc import Iterator
from typing import Any

import mpex_spec
import pytest
from mpex_server.kit.ids import kind_of, new_id
from mpex_server.records.resource import Resource
from mpex_server.remains.service import KEPT, REMAINS
from mpex_server.search_requests.service import SEARCH_REQUESTS

from tests.server.records import samples
from tests.server.world import World

UNITS, REQUESTS = "/v1/remains", "/v1/search-requests"


def test_a_unit_comes_back_with_what_the_server_sets(world: World) -> None:
    given = samples.remains_unit(
        commingled=True, minimumIndividuals=2, parts=[{"region": "thigh", "side": "left"}], odd={"a": 1}
    )
    created = world.call("registrar", "POST", UNITS, given)
    assert created.status_code == 201, created.text
    record = created.json()
    assert (record["version"], record["custodian"]) == (1, world.node.settings.node_id)
    assert record.items() >= {k: v for k, v in given.items() if k != "contributions"}.items()
    changed = world.call(
        "registrar", "PUT", created.headers["location"], record, match=created.headers["etag"]
    )
    assert changed.json() == record | {"version": 2}


def test_a_parent_set_is_a_unit_of_this_node(world: World) -> None:
    refused = world.call("registrar", "POST", UNITS, samples.remains_unit(parentSet=new_id("remains")))
    assert (refused.status_code, samples.pointers(refused)) == (422, ["/parentSet"])
    parent = samples.made(world, "registrar", UNITS, samples.remains_unit())["recordId"]
    part = samples.made(world, "registrar", UNITS, samples.remains_unit(parentSet=parent))["recordId"]
    assert samples.linked(world, parent, "parentSet") == [part]


def test_a_unit_is_not_its_own_parent(world: World) -> None:
    created = world.call("registrar", "POST", UNITS, samples.remains_unit())
    body = samples.remains_unit(parentSet=created.json()["recordId"])
    path, tag = created.headers["location"], created.headers["etag"]
    refused = world.call("registrar", "PUT", path, body, match=tag)
    assert (refused.status_code, samples.pointers(refused)) == (422, ["/parentSet"])


def test_a_request_names_a_person_and_directives_of_this_node(world: World) -> None:
    stray = samples.search_request(new_id("person"), directives=[new_id("directive")])
    refused = world.call("registrar", "POST", REQUESTS, stray)
    assert refused.status_code == 422
    assert samples.pointers(refused) == ["/person", "/directives/0"]
    person = samples.made(world, "registrar", "/v1/persons", samples.person())["recordId"]
    directive = samples.made(world, "registrar", "/v1/directives", samples.directive())["directiveId"]
    body = samples.search_request(person, directives=[directive])
    request = samples.made(world, "registrar", REQUESTS, body)
    assert request["version"] == 1
    assert samples.linked(world, person, "person") == [request["requestId"]]
    assert samples.linked(world, directive, "directive") == [request["requestId"]]


def test_an_erased_person_is_no_person_to_search_for(world: World) -> None:
    person = samples.made(world, "registrar", "/v1/persons", samples.person())["recordId"]
    samples.erase(world, person)
    refused = world.call("registrar", "POST", REQUESTS, samples.search_request(person))
    assert (refused.status_code, samples.pointers(refused)) == (422, ["/person"])


def test_a_request_has_no_custodian_of_its_own(world: World) -> None:
    person = samples.made(world, "registrar", "/v1/persons", samples.person())["recordId"]
    assert "custodian" not in samples.made(world, "registrar", REQUESTS, samples.search_request(person))


@pytest.mark.parametrize(
    ("path", "example"),
    [("/v1/persons", "person-record"), (UNITS, "remains-unit"), (REQUESTS, "search-request")],
)
@pytest.mark.parametrize("size", ["min", "max"])
def test_the_examples_of_the_standard_are_kept(world: World, path: str, example: str, size: str) -> None:
    given = json.loads((mpex_spec.root() / "examples" / f"{example}.{size}.json").read_text("utf-8"))
    given.pop("fate", None)
    _without_samples(given)
    for identifier in sorted(set(_named(given))):
        _provide(world, identifier)
    created = world.call("registrar", "POST", path, given)
    assert created.status_code == 201, created.text
    server_set = {"version", "custodian", "createdAt", "updatedAt", "movedTo", "enquirerDiedAt", *KEPT}
    kept = {name: value for name, value in created.json().items() if name not in server_set}
    assert (
        kept.items()
        >= {
            name: value for name, value in given.items() if name not in server_set | {"contributions"}
        }.items()
    )
    for shown, entry in zip(kept.get("contributions", ()), given.get("contributions", ()), strict=True):
        assert shown.items() >= entry.items()


def _without_samples(record: dict[str, Any]) -> None:
    """Leave out samples, which a node takes only once it holds the record of the person."""
    for contribution in record.get("contributions", ()):
        for reference in contribution["sections"].get("dna", {}).get("references", ()):
            reference.pop("sample", None)


def _named(value: Any) -> Iterator[str]:
    """Yield the identifiers of documents that this node must hold before it takes the value."""
    if isinstance(value, dict):
        for name, member in value.items():
            if name not in {"links", "recordId", "requestId"}:
                yield from _named(member)
    elif isinstance(value, list):
        for item in value:
            yield from _named(item)
    elif isinstance(value, str) and re.fullmatch(r"(directive|person|remains|incident):[a-z2-7]{26}", value):
        yield value


def _provide(world: World, identifier: str) -> None:
    path, body = {
        "directive": ("/v1/directives", samples.directive(directiveId=identifier)),
        "person": ("/v1/persons", samples.person(recordId=identifier)),
        "remains": (UNITS, samples.remains_unit(recordId=identifier)),
        "incident": ("/v1/incidents", samples.incident(incidentId=identifier)),
    }[kind_of(identifier)]
    samples.made(world, "registrar", path, body)


@pytest.mark.parametrize("resource", [REMAINS, SEARCH_REQUESTS], ids=lambda resource: resource.kind)
def test_what_only_the_server_sets_comes_from_the_schema(resource: Resource) -> None:
    assert {"version", "createdAt", "updatedAt"} <= resource.read_only
    assert resource.id_member not in resource.read_only
