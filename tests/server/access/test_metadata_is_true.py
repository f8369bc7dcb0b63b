"""Each member of the metadata of RFC 8414 and RFC 9728 is shown true by use; a new one fails until it is."""

import base64
import json
import warnings
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import pytest
from joserfc import jwt
from joserfc.errors import SecurityWarning
from joserfc.jwk import ECKey, Key, OctKey, OKPKey, RSAKey
from joserfc.jws import JWSRegistry
from mpex_server.http.spec import operations
from mpex_server.kit.clock import instant
from mpex_server.oauth import clients
from mpex_server.oauth.access import PARTNER_ACTIONS, ROLE_ACTIONS, staff_actions
from mpex_server.storage.engine import transaction

from tests.server.world import URL, Identity, World

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
PATH = "/v1/incidents"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
GRANTS = {
    "authorization_code": {"code": "x"},
    "client_credentials": {},
    "password": {"username": "x", "password": "x"},
    "refresh_token": {"refresh_token": "x"},
    "urn:ietf:params:oauth:grant-type:device_code": {"device_code": "x"},
    "urn:ietf:params:oauth:grant-type:jwt-bearer": {"assertion": "x"},
    "urn:ietf:params:oauth:grant-type:token-exchange": {"subject_token": "x"},
    "urn:openid:params:grant-type:ciba": {"auth_req_id": "x"},
}
_CURVES = {"ES256": "P-256", "ES384": "P-384", "ES512": "P-521", "ES256K": "secp256k1"}
_RSA = RSAKey.generate_key(2048, {"kid": "rsa"})


def _key(alg: str) -> Key:
    if alg in _CURVES:
        return ECKey.generate_key(_CURVES[alg], {"kid": alg})
    if alg.startswith("Ed"):
        return OKPKey.generate_key("Ed448" if alg == "Ed448" else "Ed25519", {"kid": alg})
    return OctKey.generate_key(256, {"kid": alg}) if alg.startswith("HS") or alg == "none" else _RSA


def _signed(alg: str, key: Key, header: dict[str, Any], claims: dict[str, Any]) -> str:
    registry = JWSRegistry(algorithms=[alg], strict_check_header=False)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SecurityWarning)
        return jwt.encode({"alg": alg, **header}, claims, key, registry=registry)


def _claims(token: str) -> dict[str, Any]:
    claims: dict[str, Any] = json.loads(base64.urlsafe_b64decode(token.split(".")[1] + "=="))
    return claims


def _algorithms(accepted: Callable[[str, Key], bool]) -> set[str]:
    """Return what is accepted of all that the library can do."""
    return {alg for alg in JWSRegistry.algorithms if accepted(alg, _key(alg))}


def _assertions(world: World) -> set[str]:
    """Return the algorithms of assertions that a client may use, each with a registered key that fits."""

    def accepted(alg: str, key: Key) -> bool:
        client_id, right = f"client:{alg}", world.identities["registrar"]
        with transaction(world.node.engine) as conn:
            jwks = {"keys": [key.as_dict(private=key.key_type == "oct")]}
            at = instant(world.clock.now())
            clients.register_staff(conn, client_id, roles=("registrar",), jwks=jwks, at=at)
        claims = _claims(world.assertion(Identity(client_id, right.key)))
        made = _signed(alg, key, {"kid": key.kid}, claims)
        return world.token_response("registrar", {"client_assertion": made}).status_code == 200

    return _algorithms(accepted)


def _proof(world: World, alg: str, key: Key, method: str, path: str, token: str | None = None) -> str:
    claims = _claims(world.proof(world.identities["registrar"], method, path, token))
    return _signed(alg, key, {"typ": "dpop+jwt", "jwk": key.as_dict(private=False)}, claims)


def _proofs(world: World) -> set[str]:
    """Return the algorithms of proofs that work at the token endpoint."""
    return _algorithms(
        lambda alg, key: (
            world.token_response(
                "registrar", proof=_proof(world, alg, key, "POST", "/oauth/token")
            ).status_code
            == 200
        )
    )


def _resource_proofs(world: World) -> set[str]:
    """Return the algorithms of proofs that work at a resource, each with a token bound to its key."""

    def accepted(alg: str, key: Key) -> bool:
        proof = _proof(world, alg, key, "POST", "/oauth/token")
        answer = world.token_response("registrar", proof=proof)
        if answer.status_code != 200:
            return False
        token = answer.json()["access_token"]
        fields = {"Authorization": f"DPoP {token}", "DPoP": _proof(world, alg, key, "GET", PATH, token)}
        return world.raw("GET", PATH, headers=fields).status_code == 200

    return _algorithms(accepted)


def _grants(world: World) -> list[str]:
    answers = {
        grant: world.token_response("registrar", {"grant_type": grant, **more})
        for grant, more in GRANTS.items()
    }
    refused = {grant: answer.json().get("error") for grant, answer in answers.items()}
    assert set(refused.values()) == {None, "unsupported_grant_type"}
    return [grant for grant, error in refused.items() if error is None]


def _ways_of_clients(world: World) -> list[str]:
    """Return how clients may authenticate at the token endpoint, of all ways that are registered."""
    client_id = world.identities["registrar"].client_id
    bare = {"client_assertion": None, "client_assertion_type": None}
    basic = "Basic " + base64.b64encode(f"{client_id}:secret".encode()).decode()
    shared = OctKey.generate_key(256)
    claims = _claims(world.assertion(world.identities["registrar"]))
    tried = {
        "none": world.token_response("registrar", {**bare, "client_id": client_id}),
        "client_secret_post": world.token_response(
            "registrar", {**bare, "client_id": client_id, "client_secret": "secret"}
        ),
        "client_secret_basic": world.token_response("registrar", bare, headers={"Authorization": basic}),
        "client_secret_jwt": world.token_response(
            "registrar", {"client_assertion": _signed("HS256", shared, {}, claims)}
        ),
        "private_key_jwt": world.token_response("registrar"),
    }
    return [way for way, answer in tried.items() if answer.status_code == 200]


def _types(world: World) -> list[str]:
    tried = ("urn:mpex:access", "openid_credential", "urn:mpex:rar:search")
    return [name for name in tried if world.token_response("registrar", type=name).status_code == 200]


def _ways_of_bearers(world: World) -> list[str]:
    """Return how a token may be presented without a proof (RFC 6750)."""
    token = world.token("registrar")
    tried = {
        "header": world.raw("GET", PATH, headers={"Authorization": f"Bearer {token}"}),
        "query": world.raw("GET", f"{PATH}?access_token={token}"),
        "body": world.raw("POST", PATH, content=urlencode({"access_token": token}), headers=FORM),
    }
    assert {answer.status_code for answer in tried.values()} <= {200, 401}
    return [way for way, answer in tried.items() if answer.status_code == 200]


def _needs_proof(world: World) -> bool:
    fields = world.headers("registrar", "GET", PATH)
    bare = world.raw("GET", PATH, headers={"Authorization": fields["Authorization"]})
    return [bare.status_code, world.raw("GET", PATH, headers=fields).status_code] == [401, 200]


def _key_of_tokens(world: World, address: str) -> str:
    """Return the address when the keys there verify a token of the node."""
    keys = world.raw("GET", address.removeprefix(URL)).json()["keys"]
    token = world.token("registrar")
    (kid,) = (key["kid"] for key in keys if key["use"] == "sig")
    (key,) = (key for key in keys if key["kid"] == kid)
    assert jwt.decode(token, ECKey.import_key(key), algorithms=["ES256"]).header["kid"] == kid
    return address


def _actions(world: World) -> list[str]:
    """Return what tokens are to be had for and operations ask for."""
    asked = {operation.action for operation in operations().values() if operation.action}
    granted = {
        action
        for role in ROLE_ACTIONS
        for action in world.token_response(role).json()["authorization_details"][0]["actions"]
    }
    partners = world.token_response("one").json()["authorization_details"][0]["actions"]
    assert set(partners) == PARTNER_ACTIONS
    assert granted == set(staff_actions(tuple(ROLE_ACTIONS)))
    return sorted(asked & (granted | set(partners)))


def test_what_the_authorization_server_says_of_itself_is_true(world: World) -> None:
    said = world.raw("GET", "/.well-known/oauth-authorization-server").json()
    granted = world.token_response("registrar", {"scope": "everything"}).json()
    assert said == {
        "issuer": _claims(granted["access_token"])["iss"],
        "token_endpoint": f"{URL}/oauth/token",
        "jwks_uri": _key_of_tokens(world, f"{URL}/.well-known/jwks.json"),
        "response_types_supported": [],
        "grant_types_supported": _grants(world),
        "token_endpoint_auth_methods_supported": _ways_of_clients(world),
        "token_endpoint_auth_signing_alg_values_supported": _in_order(_assertions(world)),
        "dpop_signing_alg_values_supported": _in_order(_proofs(world)),
        "authorization_details_types_supported": _types(world),
    }
    # There are no scopes, and a claim without elements is left out (RFC 8414, section 3.2).
    assert "scope" not in granted
    assert world.raw("GET", "/oauth/authorize").status_code == 404


def test_what_the_protected_resource_says_of_itself_is_true(world: World) -> None:
    said = world.raw("GET", "/.well-known/oauth-protected-resource").json()
    (server,) = said["authorization_servers"]
    assert said == {
        "resource": _claims(world.token("registrar"))["aud"],
        "resource_name": world.raw("GET", "/.well-known/mpex-node").json()["name"],
        "resource_documentation": f"{URL}/docs",
        "authorization_servers": [
            world.raw("GET", "/.well-known/oauth-authorization-server").json()["issuer"]
        ],
        "jwks_uri": _key_of_tokens(world, said["jwks_uri"]),
        "bearer_methods_supported": _ways_of_bearers(world),
        "dpop_signing_alg_values_supported": _in_order(_resource_proofs(world)),
        "dpop_bound_access_tokens_required": _needs_proof(world),
        "authorization_details_types_supported": _types(world),
        "mpex_actions_supported": _actions(world),
    }
    assert server == URL
    assert world.raw("GET", "/docs").status_code == 200


def _in_order(found: set[str]) -> list[str]:
    order = ["ES256", "PS256", "EdDSA", "Ed25519"]
    return [*(name for name in order if name in found), *sorted(found - set(order))]
