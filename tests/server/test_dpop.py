"""Resources: proofs that are used once, tokens that expire, and access that ends at once.

Tokens and proofs of each kind are in `access/`, which says where each rule is tested.
"""

import pytest
from mpex_server.oauth import clients, dpop
from mpex_server.storage.engine import transaction

from tests.server.world import Identity, World

# The rules of this file touch no database of their own; replays on both are in test_foundation.py.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
PATH = "/v1/log/checkpoint"


def status(world: World, proofs: list[str], token: str, *, scheme: str = "DPoP", path: str = PATH) -> int:
    fields = [("Authorization", f"{scheme} {token}"), *(("DPoP", proof) for proof in proofs)]
    response = world.raw("GET", path, headers=fields)
    if response.status_code == 401:
        assert response.headers["www-authenticate"].startswith("DPoP ")
        assert response.headers["content-type"] == "application/problem+json"
        assert response.json()["type"] == "urn:mpex:problem:unauthorized"
    return response.status_code


@pytest.fixture
def token(world: World) -> str:
    world.sequence()
    world.call("registrar", "GET", "/v1/log/checkpoint")
    world.sequence()
    return world.token("auditor")


@pytest.fixture
def auditor(world: World) -> Identity:
    return world.identities["auditor"]


def test_anonymous_requests_are_refused(world: World) -> None:
    response = world.raw("GET", PATH)
    assert response.status_code == 401
    assert response.headers["www-authenticate"].startswith("DPoP algs=")
    assert 'resource_metadata="https://node.example/.well-known' in response.headers["www-authenticate"]


def test_a_good_proof_is_accepted_once(world: World, token: str, auditor: Identity) -> None:
    proof = world.proof(auditor, "GET", PATH, token)
    assert status(world, [proof], token) == 200
    assert status(world, [proof], token) == 401


def test_a_proof_for_no_address_is_for_none(world: World, auditor: Identity) -> None:
    proof = world.proof(auditor, "GET", PATH, htu="https://me@other.example/")
    url = f"https://me@node.example{PATH}"
    with pytest.raises(dpop.ProofError, match="htu"):
        dpop.verify([proof], method="GET", url=url, now=world.now(), token=None)


def test_an_expired_token_is_refused_though_it_was_verified_before(
    world: World, token: str, auditor: Identity
) -> None:
    assert status(world, [world.proof(auditor, "GET", PATH, token)], token) == 200
    world.advance(seconds=301)
    assert status(world, [world.proof(auditor, "GET", PATH, token)], token) == 401


def test_a_suspended_partner_loses_access_at_once(world: World) -> None:
    token, identity = world.token("one"), world.identities["one"]
    world.call("registrar", "GET", "/v1/log/checkpoint")
    world.sequence()
    assert status(world, [world.proof(identity, "GET", PATH, token)], token) == 200
    with transaction(world.node.engine) as conn:
        clients.suspend_partner(conn, identity.client_id, at="2026-11-21T10:00:00Z")
    assert status(world, [world.proof(identity, "GET", PATH, token)], token) == 401
    assert world.token_response("one").status_code == 401
    assert world.token_response("one", actions=["events:receive"]).status_code == 200


def test_a_token_without_the_action_is_refused_and_logged(world: World) -> None:
    response = world.call("auditor", "GET", "/v1/log/entries", actions=["log:read"])
    assert response.status_code == 403
    assert response.json()["type"] == "urn:mpex:problem:actionNotAllowed"
    entry = world.leaves()[-1]
    assert (entry["event"], entry["outcome"], entry["reason"]) == ("refusal", "refused", "actionNotAllowed")
