"""Strict compact JWS (RFC 7515) with the three algorithms of FAPI 2.0, over `cryptography`.

Bare signatures, where the key alone says by which algorithm, are verified here as well.

A library verifier costs three times as much on the path that every request takes; joserfc imports keys here
and is the oracle of the tests.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import orjson
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from joserfc.errors import JoseError
from joserfc.jwk import JWKRegistry

from mpex_server.kit import base64url, strict_json

ALGORITHMS = ("ES256", "PS256", "EdDSA", "Ed25519")
MAX_CHARS = 16_384
_PRIVATE_MEMBERS = frozenset({"d", "p", "q", "dp", "dq", "qi", "oth", "k"})
_MIN_RSA_BITS = 2048
_MIN_RSA_CHARS = 342  # of 256 bytes in base64url
_ES256_HALF = 32
_ES256 = ec.ECDSA(hashes.SHA256())
PublicKey = ec.EllipticCurvePublicKey | rsa.RSAPublicKey | Ed25519PublicKey
Signer = Callable[[bytes], bytes]


class JwsError(ValueError):
    """Not a compact JWS of this profile; the message names the part that is wrong, never its content."""


@dataclass(frozen=True, slots=True)
class Jws:
    """A parsed, not yet verified JWS."""

    header: dict[str, Any]
    claims: dict[str, Any]
    signing_input: bytes
    signature: bytes


@dataclass(frozen=True, slots=True)
class VerificationKey:
    """A public key with its RFC 7638 thumbprint."""

    public: PublicKey
    thumbprint: str


def parse(token: str, *, max_chars: int = MAX_CHARS) -> Jws:
    """Split a compact JWS with a JSON object as payload; raises JwsError."""
    if len(token) > max_chars or token.count(".") != 2:
        raise JwsError("not a compact JWS")
    head, body, tail = token.split(".")
    try:
        header, claims = strict_json.loads(base64url.decode(head)), strict_json.loads(base64url.decode(body))
        signature = base64url.decode(tail)
    except ValueError as error:
        raise JwsError("header, payload or signature cannot be read") from error
    if not isinstance(header, dict) or not isinstance(claims, dict):
        raise JwsError("header and payload are objects")
    if header.get("alg") not in ALGORITHMS:
        raise JwsError("alg is none of " + ", ".join(ALGORITHMS))
    if "crit" in header:
        raise JwsError("crit names an extension that is not supported")
    return Jws(header, claims, f"{head}.{body}".encode(), signature)


def verify(jws: Jws, key: VerificationKey) -> None:
    """Check the signature with the one algorithm that fits the key; raises JwsError."""
    if jws.header["alg"] not in _fitting(key.public):
        raise JwsError("alg does not fit the key")
    verify_bare(jws.signature, jws.signing_input, key)


def verify_bare(signature: bytes, data: bytes, key: VerificationKey) -> None:
    """Check a signature by the algorithm of the key: ES256, PS256 or Ed25519; raises JwsError."""
    try:
        _verify(signature, data, key.public)
    except (InvalidSignature, ValueError) as error:
        raise JwsError("the signature does not fit the key") from error


def sign(header: dict[str, Any], claims: dict[str, Any], signer: Signer) -> str:
    """Return the compact JWS; `signer` gives the raw JOSE signature of the signing input."""
    head, body = (base64url.encode(orjson.dumps(part)) for part in (header, claims))
    return f"{head}.{body}.{base64url.encode(signer(f'{head}.{body}'.encode()))}"


def verification_key(jwk: dict[str, Any]) -> VerificationKey:
    """Import a public JWK to verify with; raises JwsError for private, symmetric, weak or other keys."""
    if not isinstance(jwk, dict) or _PRIVATE_MEMBERS & jwk.keys():
        raise JwsError("the key is not a public JWK")
    if jwk.get("use", "sig") != "sig":
        raise JwsError("the key is not for signatures")
    if jwk.get("kty") == "RSA" and len(str(jwk.get("n"))) < _MIN_RSA_CHARS:
        # The library warns of weak keys, whoever sends them.
        raise JwsError("an RSA key has at least 2048 bits")
    return _import(orjson.dumps(jwk, option=orjson.OPT_SORT_KEYS))


@lru_cache(maxsize=4096)
def _import(jwk: bytes) -> VerificationKey:
    try:
        key = JWKRegistry.import_key(orjson.loads(jwk))
        public = key.get_op_key("verify")
        thumbprint = key.thumbprint()
    except (JoseError, ValueError, KeyError, TypeError) as error:
        raise JwsError("the key cannot be imported") from error
    if isinstance(public, ec.EllipticCurvePublicKey) and isinstance(public.curve, ec.SECP256R1):
        return VerificationKey(public, thumbprint)
    if isinstance(public, rsa.RSAPublicKey) and public.key_size >= _MIN_RSA_BITS:
        return VerificationKey(public, thumbprint)
    if isinstance(public, Ed25519PublicKey):
        return VerificationKey(public, thumbprint)
    raise JwsError("the key is neither P-256, RSA of at least 2048 bits nor Ed25519")


def _fitting(public: PublicKey) -> tuple[str, ...]:
    if isinstance(public, ec.EllipticCurvePublicKey):
        return ("ES256",)
    return ("PS256",) if isinstance(public, rsa.RSAPublicKey) else ("EdDSA", "Ed25519")


def _verify(signature: bytes, data: bytes, public: PublicKey) -> None:
    if isinstance(public, ec.EllipticCurvePublicKey):
        if len(signature) != 2 * _ES256_HALF:
            raise JwsError("an ES256 signature has 64 bytes")
        r, s = (int.from_bytes(half, "big") for half in (signature[:32], signature[32:]))
        public.verify(encode_dss_signature(r, s), data, _ES256)
    elif isinstance(public, rsa.RSAPublicKey):
        pss = padding.PSS(padding.MGF1(hashes.SHA256()), hashes.SHA256().digest_size)
        public.verify(signature, data, pss, hashes.SHA256())
    else:
        public.verify(signature, data)
