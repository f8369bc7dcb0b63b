"""DPoP proofs (RFC 9449) as FAPI 2.0 asks; recording the proof as used is left to the unit of work."""

import hashlib
import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from mpex_server.kit import base64url, jws

PAST_SECONDS = 60
SKEW_SECONDS = 10
_JTI = re.compile(r"[\x21-\x7e]{1,128}")
_DEFAULT_PORTS = {"http": 80, "https": 443}


class ProofError(ValueError):
    """The proof is missing or does not fit; the message names the claim, never its value."""


@dataclass(frozen=True, slots=True)
class Proof:
    """A proof that fits its request: key thumbprint, identifier, and when a replay is refused by age."""

    thumbprint: str
    jti: str
    expires: int


def verify(headers: list[str], *, method: str, url: str, now: float, token: str | None) -> Proof:
    """Check the DPoP header fields of a request for `url`; `token` is None at the token endpoint."""
    if len(headers) != 1:
        raise ProofError("exactly one DPoP header is needed")
    try:
        proof = jws.parse(headers[0])
        if proof.header.get("typ") != "dpop+jwt":
            raise ProofError("typ must be dpop+jwt")
        key = jws.verification_key(proof.header.get("jwk", {}))
        jws.verify(proof, key)
    except jws.JwsError as error:
        raise ProofError(str(error)) from error
    _check_claims(proof.claims, method, url, now)
    if token is not None and proof.claims.get("ath") != access_token_hash(token):
        raise ProofError("ath is not the hash of the access token")
    return Proof(key.thumbprint, proof.claims["jti"], int(proof.claims["iat"]) + PAST_SECONDS + SKEW_SECONDS)


def access_token_hash(token: str) -> str:
    """Return the `ath` of a token (RFC 9449 §4.2)."""
    return base64url.encode(hashlib.sha256(token.encode()).digest())


def _check_claims(claims: dict[str, Any], method: str, url: str, now: float) -> None:
    if not isinstance(claims.get("jti"), str) or not _JTI.fullmatch(claims["jti"]):
        raise ProofError("jti must be 1 to 128 visible ASCII characters")
    if claims.get("htm") != method:
        raise ProofError("htm is not the method of the request")
    if not isinstance(claims.get("htu"), str) or not _same(claims["htu"], url):
        raise ProofError("htu is not the public address of the request")
    issued = claims.get("iat")
    if not isinstance(issued, int | float):
        raise ProofError("iat must be a number")
    if not -SKEW_SECONDS <= now - issued <= PAST_SECONDS:
        raise ProofError("iat is too far from the node's clock")
    begins, ends = claims.get("nbf", now), claims.get("exp", now)
    if not isinstance(begins, int | float) or begins > now + SKEW_SECONDS:
        raise ProofError("nbf is no number or in the future")
    if not isinstance(ends, int | float) or ends <= now - SKEW_SECONDS:
        raise ProofError("exp is no number or past")


def _same(one: str, other: str) -> bool:
    normal = _normal(one)
    return one == other or (normal is not None and normal == _normal(other))


def _normal(url: str) -> tuple[str, str | None, int | None, str] | None:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return None
    if parts.username is not None:
        return None
    return parts.scheme, parts.hostname, port or _DEFAULT_PORTS.get(parts.scheme), parts.path or "/"
