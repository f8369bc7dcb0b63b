"""Token endpoint: its form, what is asked of clients and purposes, and what an issued token holds.

Assertions, proofs and authorization details of each kind are in `access/`, which says where each is tested.
"""

from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey
from mpex_server.kit import jws
from mpex_server.kit.clock import instant
from mpex_server.oauth import clients
from mpex_server.storage.engine import transaction

from tests.server.world import URL, World, partner_entry

# The rules of this file touch no database of their own; replays on both are in test_foundation.py.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def refusal(world: World, **form: Any) -> tuple[int, str]:
    response = world.token_response("registrar", form)
    assert response.headers["cache-control"] == "no-store"
    return response.status_code, response.json()["error"]


def test_a_token_is_bound_to_key_purpose_and_node(world: World) -> None:
    response = world.token_response("one")
    assert response.status_code == 200
    body = response.json()
    parsed = jws.parse(body["access_token"])
    assert parsed.header["typ"] == "at+jwt"
    assert parsed.claims["aud"] == parsed.claims["iss"] == URL
    assert parsed.claims["exp"] - parsed.claims["iat"] == body["expires_in"] <= 300
    assert parsed.claims["cnf"]["jkt"] == world.identities["one"].proof_key.thumbprint()
    assert parsed.claims["authorization_details"] == body["authorization_details"] == [world.details("one")]
    assert body["token_type"] == "DPoP"


def test_the_library_that_others_use_accepts_the_token(world: World) -> None:
    keys = world.raw("GET", "/.well-known/jwks.json").json()["keys"]
    token = jwt.decode(world.token("one"), ECKey.import_key(keys[0]), algorithms=["ES256"])
    assert token.claims["client_id"] == world.identities["one"].client_id


def test_an_assertion_is_accepted_once(world: World) -> None:
    assertion = world.assertion(world.identities["registrar"])
    assert world.token_response("registrar", {"client_assertion": assertion}).status_code == 200
    assert refusal(world, client_assertion=assertion) == (401, "invalid_client")


@pytest.mark.parametrize(
    ("form", "expected"),
    [
        ({"grant_type": None}, (400, "invalid_request")),
        ({"grant_type": "password"}, (400, "unsupported_grant_type")),
        ({"client_assertion_type": "other"}, (401, "invalid_client")),
        ({"client_assertion": None}, (401, "invalid_client")),
        ({"client_assertion": "a.b.c"}, (401, "invalid_client")),
        ({"client_id": "client:other"}, (401, "invalid_client")),
        ({"client_secret": "secret"}, (400, "invalid_request")),
    ],
)
def test_the_form_is_checked(world: World, form: dict[str, Any], expected: tuple[int, str]) -> None:
    assert refusal(world, **form) == expected


@pytest.mark.parametrize(
    ("content", "headers"),
    [
        ("grant_type=client_credentials&grant_type=client_credentials", {}),
        ('{"grant_type": "client_credentials"}', {"Content-Type": "application/json"}),
        ("grant_type=client_credentials", {"Content-Type": ""}),
        ("grant_type=client_credentials\u00e9", {}),
        ("&".join(f"p{number}=" for number in range(11)), {}),
    ],
    ids=["a parameter twice", "JSON", "no content type", "no ASCII", "too many parameters"],
)
def test_what_is_no_form_is_refused(world: World, content: str, headers: dict[str, str]) -> None:
    fields = {"Content-Type": "application/x-www-form-urlencoded", **headers}
    response = world.raw("POST", "/oauth/token", content=content.encode(), headers=fields)
    assert (response.status_code, response.json()["error"]) == (400, "invalid_request")


def test_a_client_authenticates_in_one_way(world: World) -> None:
    form = {"client_assertion": world.assertion(world.identities["registrar"])}
    response = world.token_response("registrar", form, headers={"Authorization": "Basic eDp4"})
    assert (response.status_code, response.json()["error"]) == (400, "invalid_request")
    assert world.token_response("registrar", form).status_code == 200


@pytest.mark.parametrize("tried", [{}, {"Authorization": "Basic eDp4"}])
def test_who_is_not_authenticated_is_told_the_scheme(world: World, tried: dict[str, str]) -> None:
    response = world.token_response("registrar", {"client_assertion": None}, headers=tried)
    assert (response.status_code, response.json()["error"]) == (401, "invalid_client")
    assert response.headers["www-authenticate"] == 'DPoP algs="ES256 PS256 EdDSA Ed25519"'


def test_what_a_prohibited_purpose_was_asked_with_is_used_up(world: World) -> None:
    form = {"client_assertion": world.assertion(world.identities["registrar"])}
    assert world.token_response("registrar", form, purpose="commercial").status_code == 400
    assert refusal(world, **form) == (401, "invalid_client")


@pytest.mark.parametrize("other", [{"actions": ["nothing:read"]}, {"purposes": []}], ids=["action", "member"])
def test_a_prohibited_purpose_is_logged_whatever_else_is_wrong(world: World, other: dict[str, Any]) -> None:
    response = world.token_response("one", purpose="immigrationEnforcement", **other)
    assert (response.status_code, response.json()["error"]) == (400, "invalid_authorization_details")
    entry = world.leaves()[-1]
    assert (entry["event"], entry["outcome"], entry["reason"]) == ("token", "refused", "prohibitedPurpose")
    assert entry["purpose"] == "immigrationEnforcement"


@pytest.mark.parametrize("details", ["7", "[]", "[7]", '{"purpose": "searchLiving"}', '[{"purpose": []}]'])
def test_details_of_any_other_form_are_refused(world: World, details: str) -> None:
    refused = world.token_response("one", {"authorization_details": details})
    assert (refused.status_code, refused.json()["error"]) == (400, "invalid_authorization_details")


def test_a_partner_gets_no_purpose_outside_its_mandate(world: World) -> None:
    response = world.token_response("one", purpose="statistics")
    assert (response.status_code, response.json()["error"]) == (400, "invalid_authorization_details")


@pytest.mark.parametrize("action", ["persons:read", "requests:read", "searches:create"])
def test_an_action_outside_the_role_is_refused(world: World, action: str) -> None:
    name = "auditor" if action == "searches:create" else "one"
    response = world.token_response(name, actions=[action])
    assert (response.status_code, response.json()["error"]) == (400, "invalid_authorization_details")


@pytest.mark.parametrize("wrong", ["details", "grant", "proof"])
def test_an_assertion_is_spent_whatever_it_was_shown_with(world: World, wrong: str) -> None:
    assertion = world.assertion(world.identities["registrar"])
    action = {"details": "nothing:read", "grant": "releaseCases:decide"}.get(wrong, "persons:read")
    proof = "none" if wrong == "proof" else None
    given = {"client_assertion": assertion}
    first = world.token_response("registrar", given, proof=proof, actions=[action])
    assert (first.status_code, first.json()["error"]) != (401, "invalid_client")
    again = world.token_response("registrar", given)
    assert (again.status_code, again.json()["error"]) == (401, "invalid_client")


def test_a_partner_without_the_mark_gets_no_token(world: World) -> None:
    entry = partner_entry(world.identities["one"], noImmigrationEnforcement=False)
    with transaction(world.node.engine) as conn:
        clients.register_partner(conn, entry, at="2026-11-21T10:00:00Z")
    response = world.token_response("one")
    assert (response.status_code, response.json()["error"]) == (400, "unauthorized_client")
    assert response.json()["trust_fault"] == "markMissing"


def test_a_client_that_was_ended_has_a_token_of_no_use(world: World) -> None:
    assert world.call("registrar", "GET", "/v1/persons").status_code == 200
    with transaction(world.node.engine) as conn:
        assert clients.end_staff(conn, world.identities["registrar"].client_id, at=instant(world.clock.now()))
    assert world.call("registrar", "GET", "/v1/persons").status_code == 401
    assert refusal(world) == (401, "invalid_client")


def test_the_proof_at_the_token_endpoint_is_needed_and_accepted_once(world: World) -> None:
    identity = world.identities["registrar"]
    proof = world.proof(identity, "POST", "/oauth/token")
    assert world.token_response("registrar", proof="").json()["error"] == "invalid_dpop_proof"
    bare = world.token_response("registrar", headers={"DPoP": None})
    assert (bare.status_code, bare.json()["error"]) == (400, "invalid_dpop_proof")
    assert world.token_response("registrar", proof=proof).status_code == 200
    assert world.token_response("registrar", proof=proof).json()["error"] == "invalid_dpop_proof"
