"""Proof of origin: what the custodian signed of a release, and goes on with the data (ONW-010).

It holds the conditions, and a digest for each value among others that stand for nothing: whoever is passed a
part learns neither what remained behind nor how much.
"""

import hashlib
import os
from typing import Any

from mpex_server.domain import onward
from mpex_server.http.spec import schema_validator
from mpex_server.keys import KeyProvider
from mpex_server.kit import base64url, jws
from mpex_server.peers import signatures

TYPE = "mpex-origin+jwt"
DIGESTS = 64
"""Their number is a multiple of this, and above that of the values, so that it tells next to nothing."""
_KEPT = ("purpose", "validUntil", "obligations")
_HASH_BYTES = 32
Json = dict[str, Any]


def made(keys: KeyProvider, claims: Json) -> str:
    """Return the proof for a release at first hand, whose statement has these claims."""
    true = digests(claims)
    others = [base64url.encode(os.urandom(_HASH_BYTES)) for _ in range(DIGESTS - len(true) % DIGESTS)]
    origin = {name: claims["origin"][name] for name in ("record", "version")}
    kept = {name: claims[name] for name in ("iss", "aud", "jti", "iat", *_KEPT)}
    return signatures.sign(keys, TYPE, kept | origin | {"digests": sorted(true + others)})


def digests(claims: Json) -> list[str]:
    """Return what a proof must hold for each value that a statement with these claims is about."""
    return [digest(category, stated) for category, every in claims["digests"].items() for stated in every]


def digest(category: str, stated: str) -> str:
    """Return base64url of SHA-256 over category, colon, and the digest of the value in the statement."""
    return base64url.encode(hashlib.sha256(f"{category}:{stated}".encode()).digest())


def check(proof: str, claims: Json, jwks: Json) -> None:
    """Check that the custodian signed what a checked statement says; `jwks` are the custodian's keys.

    Raises JwsError.
    """
    proved = signatures.verified(proof, jwks, typ=TYPE)
    if not schema_validator("origin-proof").is_valid(proved):
        raise jws.JwsError("the proof does not follow the schema origin-proof")
    origin = onward.origin_of(claims)
    first = [*origin["chain"], claims["aud"]][1]
    same = {
        "iss": origin["custodian"],
        "aud": first,
        "jti": origin["release"],
        "record": origin["record"],
        "version": origin["version"],
    } | {name: claims[name] for name in _KEPT}
    wrong = next((name for name, value in same.items() if proved[name] != value), None)
    if wrong is not None:
        raise jws.JwsError(f"{wrong} is another than the origin has signed")
    if not set(digests(claims)) <= set(proved["digests"]):
        raise jws.JwsError("a value is not what the origin has signed")
