"""Client assertions (RFC 7523) and DPoP proofs (RFC 9449), right by default and wrong on demand.

Every function takes ``claims`` and ``header`` that replace members; a value of None removes the member.
"""

import hashlib
import secrets
from typing import Any

from mpex_conformance import clock
from mpex_conformance.wire.jose import PrivateKey, b64u, compact, public_jwk

ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


def unique() -> str:
    """Return a fresh identifier with 128 random bits."""
    return secrets.token_urlsafe(16)


def assertion(
    key: PrivateKey | None,
    *,
    client_id: str,
    issuer: str,
    kid: str | None,
    header: dict[str, Any] | None = None,
    claims: dict[str, Any] | None = None,
) -> str:
    """Return a client assertion that lives 60 seconds."""
    now = clock.seconds()
    right = {"iss": client_id, "sub": client_id, "aud": issuer, "iat": now, "exp": now + 60, "jti": unique()}
    return compact(_merged({"alg": "ES256", "typ": "JWT", "kid": kid}, header), _merged(right, claims), key)


def proof(
    key: PrivateKey,
    *,
    method: str,
    url: str,
    token: str | None = None,
    header: dict[str, Any] | None = None,
    claims: dict[str, Any] | None = None,
) -> tuple[str, str]:
    """Return a DPoP proof and its jti."""
    right = {"jti": unique(), "htm": method, "htu": url.partition("?")[0], "iat": clock.seconds()}
    if token is not None:
        right["ath"] = b64u(hashlib.sha256(token.encode()).digest())
    payload = _merged(right, claims)
    parts = _merged({"alg": "ES256", "typ": "dpop+jwt", "jwk": public_jwk(key)}, header)
    return compact(parts, payload, key), str(payload.get("jti"))


def _merged(right: dict[str, Any], changes: dict[str, Any] | None) -> dict[str, Any]:
    merged = {**right, **(changes or {})}
    return {name: value for name, value in merged.items() if value is not None}
