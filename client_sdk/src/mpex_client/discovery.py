"""From the name of a node to everything that one must know to speak to it.

    found = Client.discover("https://node.example", anchors={"https://anchor.example": jwks})
    Client.connect(found.url, client_id=…, key=…, keys=found.jwks)    # `keys` when the client is a node

`anchors` are those whom you trust, with the JWK sets that they handed you by another way than the network.
What the node publishes of itself is held against what others vouch for.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from mpex_spec import SPEC_VERSION, codelist

from mpex_client import _errors
from mpex_client._auth import KEYS_PATH, METADATA_PATH, checked_base_url
from mpex_client._clock import Clock
from mpex_client._trust import marks, statements
from mpex_client._trust.chains import WELL_KNOWN, Chain, Realm
from mpex_client._trust.flow import Ask, Flow, published, strict_json
from mpex_client._trust.marks import Mark

__all__ = ["NODE_PATH", "Discovered", "Standing", "discovery", "self_description", "standing", "vouches"]

NODE_PATH = "/.well-known/mpex-node"
_RESOURCE_PATH = "/.well-known/oauth-protected-resource"
_OK = 200


@dataclass(frozen=True, slots=True)
class Standing:
    """What an anchor lets one believe of a node: its chain, its mandate, its second mark, and until when.

    `conformance` is its mark of conformance, with the `report` by attested-report.json, None when it shows
    none that counts; nothing rests on it.
    """

    chain: Chain
    mandate: Mark
    other: Mark
    conformance: Mark | None = None

    @property
    def until(self) -> datetime:
        """When the first of what it rests on ends."""
        return min(self.chain.expires, self.mandate.expires, self.other.expires)

    @property
    def node(self) -> dict[str, Any]:
        """What the node says of itself as a node: `nodeId`, `name`, `jwks`."""
        return self.chain.configuration.metadata("mpex_node")

    @property
    def said(self) -> dict[str, Any]:
        """The mandate, by tracing-mandate.json."""
        return dict(self.mandate.claims["mandate"])


@dataclass(frozen=True, slots=True)
class Discovered:
    """A node with all that is known of it; `standing` is None when no anchor was asked.

    `metadata` follows node-metadata.json; `purposes` are those that it serves and, as far as an anchor was
    asked, has a mandate for; `jwks` are its public keys.
    """

    url: str
    metadata: dict[str, Any]
    token_endpoint: str
    jwks: dict[str, Any]
    purposes: tuple[str, ...]
    standing: Standing | None

    @property
    def node_id(self) -> str:
        """The identifier of the node."""
        return str(self.metadata["nodeId"])


def discovery(url: str, anchors: Mapping[str, Mapping[str, Any]], clock: Clock) -> Flow[Discovered]:
    """Find out everything about the node at an address.

    Raises TrustError when none of the anchors leads to it, ProtocolError when what it says does not agree,
    and TransportError.
    """
    url = checked_base_url(url)
    metadata, server, jwks = yield from self_description(url, clock)
    known = (yield from standing(url, anchors, clock)) if anchors else None
    purposes = tuple(metadata.get("purposes", ()))
    if known is not None:
        _check_agreement(metadata, jwks, known)
        purposes = tuple(purpose for purpose in purposes if purpose in known.said["purposes"])
    return Discovered(url, metadata, str(server["token_endpoint"]), jwks, purposes, known)


def self_description(url: str, clock: Clock) -> Flow[tuple[dict[str, Any], dict[str, Any], dict[str, Any]]]:
    """Return a node's metadata, its authorization server's (RFC 8414) and its keys, after RFC 9728."""
    try:
        metadata = yield from _document(url + NODE_PATH, "the metadata of the node")
    except _errors.ProtocolError:
        if (yield from vouches(url, clock)):
            raise _errors.ProtocolError(f"{url} is an anchor or an intermediate, not a node") from None
        raise
    resource = yield from _document(url + _RESOURCE_PATH, "the metadata of the resource")
    if resource.get("resource") != url or url not in resource.get("authorization_servers", ()):
        raise _errors.ProtocolError(
            "the node publishes another address than the one in use; use the published one"
        )
    server = yield from _document(url + METADATA_PATH, "the metadata of the authorization server")
    if server.get("issuer") != url or not str(server.get("token_endpoint")).startswith(url + "/"):
        raise _errors.ProtocolError("the authorization server is not at the address of the node")
    jwks = yield from _document(url + KEYS_PATH, "the key set")
    if metadata.get("specVersion") != SPEC_VERSION:
        raise _errors.ProtocolError(f"the node follows another version of the standard than {SPEC_VERSION}")
    return metadata, server, jwks


def vouches(url: str, clock: Clock) -> Flow[bool]:
    """Return whether somebody who vouches for others answers at an address: an anchor or an intermediate."""
    try:
        text = yield from published(url + WELL_KNOWN)
        said = statements.configuration(text, url, clock())
    except _errors.TrustError:
        return False
    return "federation_list_endpoint" in said.metadata("federation_entity")


def standing(url: str, anchors: Mapping[str, Mapping[str, Any]], clock: Clock) -> Flow[Standing]:
    """Return what the first anchor that leads to a node lets one believe; raises the last TrustError."""
    fault = _errors.TrustError("noAnchor", url, "no anchor is chosen")
    for anchor, jwks in anchors.items():
        try:
            return (yield from _standing(url, Realm(anchor, jwks, clock)))
        except _errors.TrustError as error:
            error.node, error.anchor = url, anchor
            fault = error
    raise fault


def _standing(url: str, realm: Realm) -> Flow[Standing]:
    chain = yield from realm.resolve(url)
    mandate = yield from marks.find(realm, chain, marks.TRACING)
    said = mandate.claims.get("mandate")
    if not isinstance(said, dict) or not isinstance(said.get("purposes"), list):
        raise _errors.TrustError("malformed", mandate.issuer, "the mandate is not readable")
    if wrong := _prohibited(said):
        raise _errors.TrustError("mandateProhibited", url, f"nobody has a mandate for {', '.join(wrong)}")
    if said.get("nodeId") != chain.configuration.metadata("mpex_node").get("nodeId"):
        raise _errors.TrustError("wrongSubject", url, "its mandate is for another node")
    other = yield from marks.find(realm, chain, marks.NO_ENFORCEMENT)
    if other.issuer == mandate.issuer:
        raise _errors.TrustError("markSameIssuer", url, "both marks are by the same organisation")
    return Standing(chain, mandate, other, (yield from _tested(realm, chain, said["nodeId"])))


def _tested(realm: Realm, chain: Chain, node_id: str) -> Flow[Mark | None]:
    """Return the mark of conformance that a node shows, if it counts and is of a report on this node."""
    try:
        mark = yield from marks.find(realm, chain, marks.CONFORMANCE)
    except _errors.TrustError:
        return None
    report = mark.claims.get("report")
    return mark if isinstance(report, dict) and report.get("nodeId") == node_id else None


def _prohibited(mandate: Mapping[str, Any]) -> list[str]:
    """Return the codes in a mandate that no mandate may name (TRUST-031)."""
    lists = {"purposes": mandate["purposes"], "recipientClasses": [mandate.get("recipientClass")]}
    return [
        code
        for name, codes in lists.items()
        for code, row in codelist(name).items()
        if code in codes and row["prohibited"] == "true"
    ]


def _check_agreement(metadata: Mapping[str, Any], jwks: Mapping[str, Any], known: Standing) -> None:
    """Hold what a node publishes without a signature against what is vouched for."""
    if metadata.get("nodeId") != known.said["nodeId"]:
        raise _errors.ProtocolError("the metadata name another node than the mandate")
    vouched = known.node.get("jwks", {})
    if not isinstance(vouched, dict) or jwks.get("keys") != vouched.get("keys"):
        raise _errors.ProtocolError("the key set is not the one that the node's superiors vouch for")


def _document(url: str, what: str) -> Flow[dict[str, Any]]:
    got = yield Ask(url)
    try:
        body = strict_json(got.body) if got.status == _OK else None
    except ValueError:
        body = None
    if not isinstance(body, dict):
        raise _errors.ProtocolError(f"{what} is not to be had (HTTP {got.status})")
    return body
