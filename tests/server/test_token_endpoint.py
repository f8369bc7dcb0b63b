"""Token endpoint: every refusal of FAPI 2.0 for client credentials, and what an issued token holds."""

import json
import secrets
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, Key, OctKey, OKPKey, RSAKey
from joserfc.jws import JWSRegistry
from mpex_server.kit import base64url, jws
from mpex_server.kit.clock import instant
from mpex_server.oauth import clients
from mpex_server.oauth.access import PROHIBITED_PURPOSES
from mpex_server.storage.engine import transaction

from tests.server.world import URL, Identity, World, partner_entry

# The rules of this file touch no database of their own; replays on both are in test_foundation.py.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
ALL = JWSRegistry(
    algorithms=["ES256", "PS256", "Ed25519", "RS256", "HS256", "ES384"], strict_check_header=False
)


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


@pytest.mark.parametrize(
    ("claims", "accepted"),
    [
        ({}, True),
        ({"aud": [URL]}, False),
        ({"aud": [URL, "https://other.example"]}, False),
        ({"aud": f"{URL}/oauth/token"}, False),
        ({"aud": None}, False),
        ({"sub": None}, False),
        ({"iss": "client:other"}, False),
        ({"jti": None}, False),
        ({"jti": 7}, False),
        ({"exp": None}, False),
    ],
)
def test_claims_of_the_assertion(world: World, claims: dict[str, Any], accepted: bool) -> None:
    identity = world.identities["registrar"]
    response = world.token_response("registrar", {"client_assertion": world.assertion(identity, **claims)})
    assert (response.status_code == 200) is accepted
    if not accepted:
        assert (response.status_code, response.json()["error"]) == (401, "invalid_client")


@pytest.mark.parametrize(
    ("name", "offset", "accepted"),
    [
        ("iat", 8, True),
        ("iat", 61, False),
        ("nbf", 8, True),
        ("nbf", 61, False),
        ("exp", -8, True),
        ("exp", -300, False),
        ("exp", 300, True),
        ("exp", 3600, False),
        ("exp", 315_360_000, False),
    ],
)
def test_times_of_the_assertion(world: World, name: str, offset: int, accepted: bool) -> None:
    identity = world.identities["registrar"]
    claims: dict[str, Any] = {name: world.now() + offset}
    response = world.token_response("registrar", {"client_assertion": world.assertion(identity, **claims)})
    assert (response.status_code == 200) is accepted, response.text


def test_an_assertion_is_accepted_once(world: World) -> None:
    assertion = world.assertion(world.identities["registrar"])
    assert world.token_response("registrar", {"client_assertion": assertion}).status_code == 200
    assert refusal(world, client_assertion=assertion) == (401, "invalid_client")


@pytest.mark.parametrize("alg", ["PS256", "Ed25519"])
def test_the_other_algorithms_of_the_profile_are_accepted(world: World, alg: str) -> None:
    key = RSAKey.generate_key(2048) if alg == "PS256" else OKPKey.generate_key("Ed25519")
    identity = Identity(world.identities["one"].client_id, key, world.identities["one"].proof_key)
    with transaction(world.node.engine) as conn:
        clients.register_partner(conn, partner_entry(identity), at="2026-11-21T10:00:00Z")
    world.identities["one"] = identity
    assert identity.alg == alg
    assert world.token_response("one").status_code == 200


@pytest.mark.parametrize("alg", ["RS256", "HS256", "ES384", "none"])
def test_other_algorithms_are_refused(world: World, alg: str) -> None:
    keys: dict[str, Key] = {"RS256": RSAKey.generate_key(2048), "ES384": ECKey.generate_key("P-384")}
    key = keys.get(alg, OctKey.import_key(secrets.token_bytes(32)))
    identity = Identity(world.identities["one"].client_id, key)
    public = {"keys": [key.as_dict(private=False)]} if alg in keys else world.identities["one"].jwks
    with transaction(world.node.engine) as conn:
        entry = partner_entry(world.identities["one"], jwks=public)
        clients.register_partner(conn, entry, at="2026-11-21T10:00:00Z")
    claims = _claims(world, identity)
    if alg == "none":
        head, body = (base64url.encode(json.dumps(part).encode()) for part in ({"alg": "none"}, claims))
        assertion = f"{head}.{body}."
    else:
        assertion = jwt.encode({"alg": alg}, claims, key, registry=ALL)
    assert world.token_response("one", {"client_assertion": assertion}).status_code == 401


def test_a_key_that_is_not_registered_is_refused(world: World) -> None:
    stranger = Identity(world.identities["registrar"].client_id)
    assert refusal(world, client_assertion=world.assertion(stranger)) == (401, "invalid_client")


@pytest.mark.parametrize(
    ("form", "expected"),
    [
        ({"grant_type": None}, (400, "invalid_request")),
        ({"grant_type": "password"}, (400, "unsupported_grant_type")),
        ({"client_assertion_type": "other"}, (401, "invalid_client")),
        ({"client_assertion": None}, (401, "invalid_client")),
        ({"client_assertion": "a.b.c"}, (401, "invalid_client")),
        ({"client_id": "client:other"}, (401, "invalid_client")),
        ({"authorization_details": None}, (400, "invalid_authorization_details")),
        ({"authorization_details": "["}, (400, "invalid_authorization_details")),
        ({"authorization_details": "[]"}, (400, "invalid_authorization_details")),
        ({"authorization_details": "{}"}, (400, "invalid_authorization_details")),
    ],
)
def test_the_form_is_checked(world: World, form: dict[str, Any], expected: tuple[int, str]) -> None:
    assert refusal(world, **form) == expected


def test_a_repeated_parameter_is_refused(world: World) -> None:
    response = world.raw(
        "POST",
        "/oauth/token",
        content="grant_type=client_credentials&grant_type=client_credentials",
        headers={"Content-Type": "application/x-www-form-urlencoded"},
    )
    assert (response.status_code, response.json()["error"]) == (400, "invalid_request")


@pytest.mark.parametrize(
    "members",
    [
        {"type": "urn:other"},
        {"purpose": "curiosity"},
        {"legalBasis": "none"},
        {"actions": []},
        {"actions": ["persons:read", "unknown:do"]},
        {"categories": ["unknown"]},
        {"case": "x"},
    ],
)
def test_authorization_details_are_closed(world: World, members: dict[str, Any]) -> None:
    response = world.token_response("registrar", **members)
    assert (response.status_code, response.json()["error"]) == (400, "invalid_authorization_details")


@pytest.mark.parametrize("purpose", sorted(PROHIBITED_PURPOSES))
@pytest.mark.parametrize("name", ["registrar", "one"])
def test_a_prohibited_purpose_is_refused_and_logged(world: World, name: str, purpose: str) -> None:
    response = world.token_response(name, purpose=purpose)
    assert (response.status_code, response.json()["error"]) == (400, "invalid_authorization_details")
    entry = world.leaves()[-1]
    assert entry["event"] == "token"
    assert entry["outcome"] == "refused"
    assert entry["purpose"] == purpose
    assert entry["reason"] == "prohibitedPurpose"
    assert entry["actor"] == world.identities[name].client_id


def test_a_partner_gets_no_purpose_outside_its_mandate(world: World) -> None:
    response = world.token_response("one", purpose="statistics")
    assert (response.status_code, response.json()["error"]) == (400, "invalid_authorization_details")


@pytest.mark.parametrize("action", ["persons:read", "requests:read", "searches:create"])
def test_an_action_outside_the_role_is_refused(world: World, action: str) -> None:
    name = "auditor" if action == "searches:create" else "one"
    response = world.token_response(name, actions=[action])
    assert (response.status_code, response.json()["error"]) == (400, "invalid_authorization_details")


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
    assert world.token_response("registrar", proof=proof).status_code == 200
    assert world.token_response("registrar", proof=proof).json()["error"] == "invalid_dpop_proof"


def _claims(world: World, identity: Identity) -> dict[str, Any]:
    return {
        "iss": identity.client_id,
        "sub": identity.client_id,
        "aud": URL,
        "iat": world.now(),
        "exp": world.now() + 60,
        "jti": secrets.token_urlsafe(16),
    }
