"""What a node publishes of itself."""

import mpex_spec

from mpex_conformance import expect
from mpex_conformance.lab import Lab
from mpex_conformance.registry import check
from mpex_conformance.wire.anonymous import get_public


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


@check("shld-001", requirements=["SHLD-001"], level="SHOULD")
def contact_office(lab: Lab) -> None:
    """The metadata name an office with an address at which it answers."""
    office = expect.status(get_public(lab.wire, "getNodeMetadata"), 200).at("contactOffice")
    reachable = any(office.get(member) for member in ("email", "phone", "url"))
    expect.that(reachable, "the contact office has neither email nor phone nor page")
