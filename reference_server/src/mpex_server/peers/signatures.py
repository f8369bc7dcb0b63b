"""Signed statements of nodes: compact JWS with a type, by a key of the node (RFC 7515, RFC 8725 §3.11)."""

from typing import Any

from mpex_server.keys import KeyProvider
from mpex_server.kit import jws


class UnknownKeyError(jws.JwsError):
    """A `kid` names no key of a set."""


def sign(keys: KeyProvider, typ: str, claims: dict[str, Any]) -> str:
    """Return the compact JWS of this node over the claims."""
    return jws.sign({"alg": "ES256", "typ": typ, "kid": keys.signing_kid()}, claims, keys.sign)


def verified(token: str, jwks: dict[str, Any], *, typ: str) -> dict[str, Any]:
    """Return the claims of a JWS of that type signed by a key of the set; raises JwsError."""
    parsed = jws.parse(token)
    if parsed.header.get("typ") != typ:
        raise jws.JwsError(f"typ must be {typ}")
    jws.verify(parsed, key_of(jwks, parsed.header.get("kid")))
    return parsed.claims


def key_of(jwks: dict[str, Any], kid: Any) -> jws.VerificationKey:
    """Return the key of a set that has this `kid`; raises UnknownKeyError, or JwsError for one of no use."""
    key = next((key for key in jwks.get("keys", ()) if key.get("kid") == kid), None)
    if key is None:
        raise UnknownKeyError("kid names no key of the signer")
    return jws.verification_key(key)
