"""What an anchor answers: every operation of its own gives every status that is listed."""

import pytest
from mpex_server.anchor import service
from mpex_server.federation import mandate
from mpex_server.kit import jws

from tests.server import contract
from tests.server.federation.realm import NORTH, WATCH, Realm
from tests.server.world import World

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
ALPHA = "https://alpha.example"


def asked(anchor: World, path: str, status: int) -> str:
    """Get what is at an address of the anchor."""
    response = anchor.raw("GET", path)
    assert response.status_code == status
    return response.text


def told(anchor: World, body: bytes, status: int, headers: dict[str, str] | None = None) -> str:
    """Ask for the status of a mark."""
    sent = FORM if headers is None else headers
    response = anchor.raw("POST", "/federation/mark-status", content=body, headers=sent)
    assert response.status_code == status
    return response.text


def test_every_operation_of_an_anchor_gives_every_status_that_it_lists(realm: Realm) -> None:
    anchor = realm.nodes[NORTH]
    for path in ("/health/live", "/health/ready", "/.well-known/openid-federation", "/docs"):
        asked(anchor, path, 200)
    asked(anchor, f"/federation/fetch?sub={ALPHA}", 200)
    asked(anchor, "/federation/fetch?sub=https://nobody.example", 404)
    asked(anchor, "/federation/fetch", 400)
    assert asked(anchor, "/federation/list?entity_type=mpex_node", 200) == f'["{ALPHA}"]'
    asked(anchor, "/federation/list?entity_type=other", 400)
    told(anchor, b"trust_mark=a.b.c", 200)
    told(anchor, b"trust_mark=a.b.c&trust_mark=a.b.c", 400)
    told(anchor, b"x" * 2_000_000, 413)
    described = asked_document(anchor)
    missing = {
        (name, status)
        for name, entry in contract.of_role("anchor").items()
        for status in entry.responses
        if "node" not in entry.roles and (name, status) not in anchor.answered
    }
    assert missing == set()
    assert described == {(entry.path, entry.method.lower()) for entry in contract.of_role("anchor").values()}


def asked_document(world: World) -> set[tuple[str, str]]:
    """Return the operations that somebody's own description has."""
    paths = world.raw("GET", "/docs/openapi.json").json()["paths"]
    return {(path, method) for path, methods in paths.items() for method in methods}


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_node_is_no_anchor_and_an_anchor_no_node(realm: Realm) -> None:
    anchor, node = realm.nodes[NORTH], realm.nodes["alpha"]
    asked(node, f"/federation/fetch?sub={ALPHA}", 404)
    asked(anchor, "/v1/persons", 404)
    asked(anchor, "/.well-known/oauth-authorization-server", 404)
    assert not any(path.startswith("/federation/") for path, _ in asked_document(node))


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_list_tells_nodes_from_those_who_vouch_for_others(realm: Realm) -> None:
    world = realm.nodes["world"]
    listed = world.raw("GET", "/federation/list?intermediate=true").json()
    assert listed == sorted(f"https://{name}.example" for name in (NORTH, "south", WATCH))
    assert world.raw("GET", "/federation/list?intermediate=false").json() == []
    assert world.raw("GET", "/federation/list").json() == listed


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_mark_of_another_anchor_is_not_vouched_for(realm: Realm) -> None:
    with realm.working(WATCH) as work:
        token = service.give_mark(work, ALPHA, mandate.NO_ENFORCEMENT, days=1, said={})
    body = f"trust_mark={token}".encode()
    assert jws.parse(told(realm.nodes[NORTH], body, 200)).claims["status"] == "invalid"
    assert jws.parse(told(realm.nodes[WATCH], body, 200)).claims["status"] == "active"
    forged = f"trust_mark={token[:-8]}AAAAAAAA".encode()
    assert jws.parse(told(realm.nodes[WATCH], forged, 200)).claims["status"] == "invalid"
    realm.wait(days=1)
    assert jws.parse(told(realm.nodes[WATCH], body, 200)).claims["status"] == "expired"
