"""Keys and secrets as bytes: how fresh ones are made, and how what is written down is read.

A key that signs, or to which partners seal, is written as a private JWK (RFC 7517); all others are 256 bits.
"""

import secrets
from collections.abc import Callable
from typing import Any

import orjson
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, JWKRegistry, OKPKey

from mpex_server.keys.names import kind_of
from mpex_server.keys.provider import KeysError
from mpex_server.kit import base64url

HALF = 32
ES256 = ec.ECDSA(hashes.SHA256())


def fresh(name: str) -> bytes:
    """Return a fresh key or secret, as it is written down under its name."""
    match kind_of(name):
        case "signing" | "federation":
            return orjson.dumps(new_signing_jwk())
        case "encryption":
            return orjson.dumps(new_encryption_jwk())
        case _:
            return secrets.token_bytes(HALF)


def new_signing_jwk() -> dict[str, Any]:
    """Return a fresh private P-256 JWK for ES256 whose `kid` is its thumbprint."""
    key = ECKey.generate_key("P-256", {"alg": "ES256"}, auto_kid=True)
    return dict(key.as_dict(private=True))


def new_encryption_jwk() -> dict[str, Any]:
    """Return a fresh private X25519 JWK for encryption whose `kid` is its thumbprint."""
    key = OKPKey.generate_key("X25519", {"use": "enc"}, auto_kid=True)
    return dict(key.as_dict(private=True))


def public_jwk(private: dict[str, Any]) -> dict[str, Any]:
    """Return the public half of a private JWK."""
    return dict(JWKRegistry.import_key(private).as_dict(private=False))


def p256_jwk(x: bytes, y: bytes) -> dict[str, Any]:
    """Return the public JWK for ES256 of a point, whose `kid` is its thumbprint."""
    point = {"x": base64url.encode(x), "y": base64url.encode(y)}
    key = ECKey.import_key({"kty": "EC", "crv": "P-256", "alg": "ES256", **point})
    key.ensure_kid()
    return dict(key.as_dict(private=False))


def ed25519_jwk(public: bytes) -> dict[str, Any]:
    """Return the JWK of a raw public key."""
    return {"kty": "OKP", "crv": "Ed25519", "x": base64url.encode(public)}


def signing_key(written: bytes) -> ECKey:
    """Read a key that signs."""
    return ECKey.import_key(orjson.loads(written))


def encryption_key(written: bytes) -> OKPKey:
    """Read a key to which partners seal."""
    return OKPKey.import_key(orjson.loads(written))


def fault(name: str, written: bytes) -> str | None:
    """Return what is wrong with what is written down under a name, without showing it, or None."""
    match kind_of(name):
        case "signing" | "federation":
            return None if _is_private(signing_key, written) else "holds no private P-256 JWK"
        case "encryption":
            return None if _is_private(encryption_key, written) else "holds no private X25519 JWK"
        case _:
            return None if len(written) == HALF else f"holds {len(written)} bytes instead of {HALF}"


def _is_private(read: Callable[[bytes], ECKey | OKPKey], written: bytes) -> bool:
    try:
        key = read(written)
    except (ValueError, KeyError, TypeError, JoseError):
        return False
    return key.is_private and key.curve_name in {"P-256", "X25519"}


def sign_es256(key: ECKey, data: bytes) -> bytes:
    """Return the raw JOSE signature r || s of an ES256 key."""
    private = key.private_key
    if private is None:
        raise KeysError("a signing key lacks its private member")
    r, s = decode_dss_signature(private.sign(data, ES256))
    return r.to_bytes(HALF, "big") + s.to_bytes(HALF, "big")
