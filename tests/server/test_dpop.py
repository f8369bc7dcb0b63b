"""Resources: the negative list of FAPI 2.0 for DPoP-bound tokens, and access that ends at once."""

from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey
from joserfc.jws import JWSRegistry
from mpex_server.kit import base64url, jws
from mpex_server.oauth import clients
from mpex_server.storage.engine import transaction

from tests.server.world import URL, Identity, World

# The rules of this file touch no database of their own; replays on both are in test_foundation.py.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
PATH = "/v1/log/checkpoint"
ANY = JWSRegistry(algorithms=["RS256", "ES256"], strict_check_header=False)


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


@pytest.mark.parametrize("scheme", ["DPoP", "dpop", "DPOP"])
def test_the_scheme_is_compared_without_regard_to_case(
    world: World, token: str, auditor: Identity, scheme: str
) -> None:
    assert status(world, [world.proof(auditor, "GET", PATH, token)], token, scheme=scheme) == 200


@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "Basic", ""])
def test_other_schemes_are_refused(world: World, token: str, auditor: Identity, scheme: str) -> None:
    assert status(world, [world.proof(auditor, "GET", PATH, token)], token, scheme=scheme) == 401


def test_a_missing_a_doubled_and_a_garbled_proof_are_refused(
    world: World, token: str, auditor: Identity
) -> None:
    proofs = [world.proof(auditor, "GET", PATH, token) for _ in range(2)]
    assert status(world, [], token) == 401
    assert status(world, proofs, token) == 401
    assert status(world, ["not a proof"], token) == 401


@pytest.mark.parametrize(
    ("header", "claims", "accepted"),
    [
        ({"typ": None}, {}, False),
        ({"typ": "jwt"}, {}, False),
        ({"jwk": None}, {}, False),
        ({"more": "ignored"}, {"more": "ignored"}, True),
        ({}, {"jti": None}, False),
        ({}, {"htm": None}, False),
        ({}, {"htm": "POST"}, False),
        ({}, {"htu": None}, False),
        ({}, {"htu": f"{URL}/v1/log/entries"}, False),
        ({}, {"htu": f"https://other.example{PATH}"}, False),
        ({}, {"htu": f"{URL}{PATH}?a=b#c"}, True),
        ({}, {"htu": f"HTTPS://NODE.example:443{PATH}"}, True),
        ({}, {"htu": f"https://node.example:444{PATH}"}, False),
        ({}, {"iat": None}, False),
        ({}, {"iat": "now"}, False),
        ({}, {"ath": None}, False),
        ({}, {"ath": "x" * 43}, False),
    ],
)
def test_members_of_the_proof(
    world: World, token: str, auditor: Identity, header: Any, claims: Any, accepted: bool
) -> None:
    proof = world.proof(auditor, "GET", PATH, token, header, **claims)
    assert (status(world, [proof], token) == 200) is accepted


@pytest.mark.parametrize(
    ("name", "offset", "accepted"),
    [
        ("iat", 9, True),
        ("iat", -9, True),
        ("iat", 3600, False),
        ("iat", -3600, False),
        ("nbf", 3600, False),
        ("exp", -3600, False),
    ],
)
def test_times_of_the_proof(
    world: World, token: str, auditor: Identity, name: str, offset: int, accepted: bool
) -> None:
    moment: dict[str, Any] = {name: world.now() + offset}
    proof = world.proof(auditor, "GET", PATH, token, **moment)
    assert (status(world, [proof], token) == 200) is accepted


def test_a_proof_with_its_private_key_is_refused(world: World, token: str, auditor: Identity) -> None:
    header = {"jwk": auditor.proof_key.as_dict(private=True)}
    assert status(world, [world.proof(auditor, "GET", PATH, token, header)], token) == 401


def test_a_proof_by_another_key_or_algorithm_is_refused(world: World, token: str, auditor: Identity) -> None:
    other = Identity(auditor.client_id)
    assert status(world, [world.proof(other, "GET", PATH, token)], token) == 401
    rsa = RSAKey.generate_key(2048)
    header = {"typ": "dpop+jwt", "alg": "RS256", "jwk": rsa.as_dict(private=False)}
    claims = {"jti": "a", "htm": "GET", "htu": URL + PATH, "iat": world.now()}
    assert status(world, [jwt.encode(header, claims, rsa, registry=ANY)], token) == 401
    good = world.proof(auditor, "GET", PATH, token)
    assert status(world, [good[:-4] + "AAAA"], token) == 401


@pytest.mark.parametrize("change", ["signature", "typ", "aud", "iss", "stranger"])
def test_a_token_of_another_make_is_refused(world: World, auditor: Identity, change: str) -> None:
    parsed = jws.parse(world.token("auditor"))
    header, claims, signer = dict(parsed.header), dict(parsed.claims), world.node.keys.sign
    if change == "typ":
        header["typ"] = "JWT"
    elif change in {"aud", "iss"}:
        claims[change] = "https://other.example"
    elif change == "stranger":
        key = ECKey.generate_key("P-256")
        signer = lambda data: base64url.decode(  # noqa: E731 - one line for one odd case
            jwt.encode({"alg": "ES256"}, {"d": str(data)}, key).split(".")[2]
        )
    token = jws.sign(header, claims, signer)
    if change == "signature":
        token = token[:-4] + "AAAA"
    assert status(world, [world.proof(auditor, "GET", PATH, token)], token) == 401


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
