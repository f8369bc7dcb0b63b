"""What an anchor answers: every operation of its own gives every status that is listed."""

import base64

import pytest
from mpex_server.anchor import service
from mpex_server.audit.leaves import Vouched
from mpex_server.domain.checkpoint import Verifier, open_checkpoint
from mpex_server.domain.merkle import leaf_hash, verify_consistency, verify_inclusion
from mpex_server.federation import mandate, marks, own
from mpex_server.kit import jws, strict_json
from mpex_server.kit.ids import new_id

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


def decided(realm: Realm, name: str) -> str:
    """Let an anchor decide something, and return the identifier of the entry in its log."""
    return realm.decide(name, "markGiven", Vouched(ALPHA, mandate.TRACING, new_id("mark")))


def test_every_operation_of_an_anchor_gives_every_status_that_it_lists(realm: Realm) -> None:
    anchor = realm.nodes[NORTH]
    for path in ("/health/live", "/health/ready", "/.well-known/openid-federation", "/docs"):
        asked(anchor, path, 200)
    asked(anchor, f"/federation/fetch?sub={ALPHA}", 200)
    asked(anchor, "/federation/fetch?sub=https://nobody.example", 404)
    asked(anchor, "/federation/fetch", 400)
    assert asked(anchor, "/federation/list?entity_type=mpex_node", 200) == f'["{ALPHA}"]'
    asked(anchor, "/federation/list?entity_type=other", 400)
    new = realm.anchor("new")
    asked(new, "/federation/log/checkpoint", 503)
    leaf = decided(realm, NORTH)
    asked(anchor, "/federation/log/checkpoint", 200)
    asked(anchor, "/federation/log/entries", 200)
    asked(anchor, "/federation/log/entries?start=-1", 400)
    asked(anchor, f"/federation/log/inclusion?leaf={leaf}", 200)
    asked(anchor, f"/federation/log/inclusion?leaf={new_id('leaf')}", 404)
    asked(anchor, "/federation/log/inclusion", 400)
    asked(anchor, "/federation/log/consistency?from=0&to=1", 200)
    asked(anchor, "/federation/log/consistency?from=0&to=9", 404)
    asked(anchor, "/federation/log/consistency?from=1&to=0", 400)
    told(anchor, b"trust_mark=a.b.c", 200)
    told(anchor, b"trust_mark=a.b.c&trust_mark=a.b.c", 400)
    told(anchor, b"x" * 2_000_000, 413)
    described = asked_document(anchor)
    missing = {
        (name, status)
        for name, entry in contract.of_role("anchor").items()
        for status in entry.responses
        if "node" not in entry.roles and (name, status) not in anchor.answered | new.answered
    }
    assert missing == set()
    assert described == {(entry.path, entry.method.lower()) for entry in contract.of_role("anchor").values()}


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_everybody_can_verify_what_an_anchor_decided(realm: Realm) -> None:
    anchor, log = realm.nodes[NORTH], "/federation/log"
    said = jws.parse(asked(anchor, "/.well-known/openid-federation", 200)).claims["metadata"]
    key = Verifier.from_text(said["federation_entity"]["mpex_log"]["key"])
    decided(realm, NORTH)
    earlier = open_checkpoint(asked(anchor, f"{log}/checkpoint", 200), key)
    leaf = decided(realm, NORTH)
    later = open_checkpoint(asked(anchor, f"{log}/checkpoint", 200), key)
    old, size = earlier.size, later.size
    (entry,) = anchor.raw("GET", f"{log}/entries?start={old}").json()["items"]
    assert (entry["leaf"], entry["entity"], entry["markType"]) == (leaf, ALPHA, mandate.TRACING)
    assert anchor.raw("GET", f"{log}/entries?limit=1").json()["items"] != [entry]
    assert anchor.raw("GET", f"{log}/entries?start={size}").json()["items"] == []
    proof = anchor.raw("GET", f"{log}/inclusion?leaf={leaf}").json()
    assert verify_inclusion(leaf_hash(strict_json.canonical(entry)), old, size, hashes(proof), later.root)
    proof = anchor.raw("GET", f"{log}/consistency?from={old}&to={size}").json()
    assert verify_consistency(old, size, earlier.root, later.root, hashes(proof))


def hashes(proof: dict[str, list[str]]) -> list[bytes]:
    return [base64.b64decode(text) for text in proof["hashes"]]


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
        claims = service.mark_claims(work, ALPHA, mandate.NO_ENFORCEMENT, days=1, said={})
        token = service.give_mark(work, claims)
        never_given = own.signed_to_last(work.keys, marks.TYP, claims | {"jti": new_id("mark")})
    body = f"trust_mark={token}".encode()
    assert jws.parse(told(realm.nodes[NORTH], body, 200)).claims["status"] == "invalid"
    assert jws.parse(told(realm.nodes[WATCH], body, 200)).claims["status"] == "active"
    for other in (f"{token[:-8]}AAAAAAAA", never_given):
        unknown = f"trust_mark={other}".encode()
        assert jws.parse(told(realm.nodes[WATCH], unknown, 200)).claims["status"] == "invalid"
    realm.wait(days=1)
    assert jws.parse(told(realm.nodes[WATCH], body, 200)).claims["status"] == "expired"
