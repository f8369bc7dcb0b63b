"""What a node publishes of itself."""

import mpex_spec
from cryptography.hazmat.primitives.asymmetric import ed25519, rsa

from mpex_conformance import expect
from mpex_conformance.lab import Lab
from mpex_conformance.registry import check
from mpex_conformance.wire import jose, proofs
from mpex_conformance.wire.anonymous import get_public
from mpex_conformance.wire.exchange import Answer

_SECRET = {"none", "client_secret_basic", "client_secret_post", "client_secret_jwt"}
_EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange"


@check("meta-001", requirements=["META-001"])
def public_documents(lab: Lab) -> None:
    """Metadata, authorization server metadata and keys are public and agree with one another."""
    expect.that(expect.status(get_public(lab.wire, "getNodeMetadata"), 200).at("nodeId"), "no nodeId")
    server = expect.status(get_public(lab.wire, "getAuthorizationServerMetadata"), 200)
    for member, value in (
        ("grant_types_supported", "client_credentials"),
        ("token_endpoint_auth_methods_supported", "private_key_jwt"),
        ("authorization_details_types_supported", "urn:mpex:access"),
        ("dpop_signing_alg_values_supported", "ES256"),
    ):
        expect.that(value in server.at(member), f"{member} does not name {value}")
    expect.that(str(server.at("issuer")).startswith("http"), "the issuer is no address")
    resource = expect.status(get_public(lab.wire, "getProtectedResourceMetadata"), 200)
    expect.that(
        server.at("issuer") in resource.at("authorization_servers"), "the resource names another issuer"
    )
    keys = expect.status(get_public(lab.wire, "getJwks"), 200).at("keys")
    expect.that(keys, "no public key")
    expect.that(all("d" not in key and "k" not in key for key in keys), "a private key is published")


@check("meta-002", requirements=["META-002"])
def sandbox_says_so(lab: Lab) -> None:
    """A node that the profile calls a sandbox says so in its metadata."""
    declared = expect.status(get_public(lab.wire, "getNodeMetadata"), 200).at("environment")
    expect.that(declared == lab.profile.environment == "sandbox", "the metadata do not say sandbox")


@check("meta-004", requirements=["META-004"])
def own_interface_only(lab: Lab) -> None:
    """The description of the interface has each operation of a node, and none of an anchor alone."""
    described = _operations(expect.status(get_public(lab.wire, "getApiDocument"), 200).at("paths"))
    own = _operations(mpex_spec.openapi("node")["paths"])
    expect.that(own <= described, "an operation of the standard is not described")
    others = _operations(mpex_spec.openapi()["paths"]) - own
    expect.that(not described & others, "operations are described that only an anchor has")


def _operations(paths: dict[str, dict[str, object]]) -> set[tuple[str, str]]:
    return {(path, method) for path, methods in paths.items() for method in methods}


@check("meta-005", requirements=["META-005"])
def only_what_is_accepted(lab: Lab) -> None:
    """What the metadata name for a token is accepted, and nothing else is, at token endpoint and resource."""
    server = expect.status(get_public(lab.wire, "getAuthorizationServerMetadata"), 200)
    resource = expect.status(get_public(lab.wire, "getProtectedResourceMetadata"), 200)
    for member in ("dpop_signing_alg_values_supported", "authorization_details_types_supported"):
        agree = sorted(server.at(member)) == sorted(resource.at(member))
        expect.that(agree, f"the documents differ in {member}")
    expect.that(not resource.at("bearer_methods_supported"), "tokens may be borne without a proof")
    expect.that(resource.at("dpop_bound_access_tokens_required") is True, "proofs are said to be optional")
    said = set(server.at("dpop_signing_alg_values_supported"))
    accepted = {alg for alg, key in _keys().items() if _takes(lab, alg, key)}
    expect.that(said == accepted, f"proofs may be signed with {sorted(accepted)}, not with {sorted(said)}")
    said = set(server.at("token_endpoint_auth_signing_alg_values_supported"))
    expect.that(said == accepted, f"assertions are said to be signed with {sorted(said)}")
    _takes_what_it_names(lab, server)


def _keys() -> dict[str, jose.PrivateKey]:
    """Return a key for each algorithm that is known to be asked for."""
    large = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    edwards = ed25519.Ed25519PrivateKey.generate()
    curve = jose.new_key()
    return {"ES256": curve, "PS256": large, "RS256": large, "EdDSA": edwards, "Ed25519": edwards}


def _takes(lab: Lab, alg: str, key: jose.PrivateKey) -> bool:
    """Return whether proofs by an algorithm get a token and then open an operation, or do neither."""
    actor, action, header = lab.staff_for("persons:read"), "persons:read", {"alg": alg}
    made, _ = proofs.proof(key, method="POST", url=lab.doors.token_endpoint, header=header)
    answer, _ = actor.ask_token(actions=[action], proof=made)
    if answer.status != 200:
        return False
    token, url = str(answer.at("access_token")), f"{lab.wire.base_url}/v1/persons"
    made, _ = proofs.proof(key, method="GET", url=url, token=token, header=header)
    fields: dict[str, str | None] = {"Authorization": f"DPoP {token}", "DPoP": made}
    expect.status(lab.staff("listPersons", headers=fields), 200, why=f"a token got with {alg}")
    return True


def _takes_what_it_names(lab: Lab, server: Answer) -> None:
    actor = lab.staff_for("persons:read")
    for grant in ("authorization_code", "password", "refresh_token", _EXCHANGE):
        answer, _ = actor.ask_token(actions=["persons:read"], form={"grant_type": grant})
        named = grant in server.at("grant_types_supported")
        expect.that(named == (answer.at("error") != "unsupported_grant_type"), f"the grant {grant}")
    secret = {"client_assertion": "", "client_assertion_type": "", "client_secret": "secret"}
    expect.oauth_error(actor.ask_token(actions=["persons:read"], form={**secret})[0], why="a secret")
    ways = set(server.at("token_endpoint_auth_methods_supported"))
    expect.that(not ways & _SECRET, "clients are said to authenticate with a secret")


@check("shld-001", requirements=["SHLD-001"], level="SHOULD")
def contact_office(lab: Lab) -> None:
    """The metadata name an office with an address at which it answers."""
    office = expect.status(get_public(lab.wire, "getNodeMetadata"), 200).at("contactOffice")
    reachable = any(office.get(member) for member in ("email", "phone", "url"))
    expect.that(reachable, "the contact office has neither email nor phone nor page")
