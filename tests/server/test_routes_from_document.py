"""Method, path, action, parameters and body schema of a route are those of the interface document.

A document changed in these places makes another server, without a change of its code.
"""

import copy
from collections.abc import Iterator
from typing import Any

import mpex_spec
import pytest
from mpex_server import app
from mpex_server.http import spec
from mpex_server.settings import Settings

from tests.server import contract
from tests.server.records import samples
from tests.server.world import World, open_world

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
CACHES = (spec.operations, spec._registry, contract.operations, contract.operation_of)


@pytest.fixture
def document(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """A document that a test may change before it makes a node."""
    changed = copy.deepcopy(mpex_spec.openapi())
    monkeypatch.setattr(mpex_spec, "openapi", lambda: changed)
    _forget()
    yield changed
    monkeypatch.undo()
    _forget()


def _forget() -> None:
    for cached in CACHES:
        cached.cache_clear()


@pytest.fixture
def changed(document: Any, settings: Settings) -> Iterator[World]:
    """A node of a document in which auditors file incidents by PUT, elsewhere, and in another form."""
    paths = document["paths"]
    operation = paths["/v1/incidents"].pop("post")
    operation["security"] = [{"mpex": ["log:audit"]}]
    operation["requestBody"]["content"]["application/json"]["schema"]["$ref"] = "schemas/withdrawal.json"
    paths["/v1/losses"] = {"put": operation}
    limit = document["components"]["parameters"]["limit"]["schema"]
    limit["maximum"] = 7
    world = open_world(settings)
    yield world
    world.close()


def test_the_address_and_the_method_are_those_of_the_document(changed: World) -> None:
    body = samples.incident()
    assert changed.call("registrar", "POST", "/v1/incidents", body).status_code == 405
    assert changed.call("auditor", "POST", "/v1/losses", body).status_code == 405
    assert changed.raw("PUT", "/v1/losses").status_code == 401


def test_the_action_is_that_of_the_document(changed: World) -> None:
    assert changed.call("registrar", "PUT", "/v1/losses", {}, key="k" * 20).status_code == 403


def test_the_body_and_the_parameters_are_those_of_the_document(changed: World) -> None:
    refused = changed.call("auditor", "PUT", "/v1/losses", samples.incident(), key="k" * 20)
    assert refused.status_code == 422
    assert set(samples.pointers(refused)) >= {"/type", "/counts"}
    assert changed.call("auditor", "PUT", "/v1/losses", {}, key="").status_code == 400
    assert changed.call("registrar", "GET", "/v1/incidents?limit=7").status_code == 200
    assert changed.call("registrar", "GET", "/v1/incidents?limit=8").status_code == 400


@pytest.mark.parametrize("change", ["another", "none", "public", "unkeyed"])
def test_a_document_that_the_handlers_do_not_fit_makes_no_node(
    document: Any, settings: Settings, change: str
) -> None:
    item = document["paths"]["/v1/incidents"]["post"]
    if change == "another":
        item["operationId"] = "createLoss"
    elif change == "none":
        del document["paths"]["/v1/incidents"]["post"]
    elif change == "public":
        item["security"] = []
    else:
        item["parameters"] = []
    with pytest.raises(app.IncompleteError):
        app.create_app(settings)
