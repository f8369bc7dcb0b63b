"""Seals by the letter of the standard: HPKE (RFC 9180) to the recipient's X25519 key."""

import json
from typing import Any

import rfc8785
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hpke
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey

from mpex_conformance.wire.jose import b64u, unb64u

_SUITE = hpke.Suite(hpke.KEM.X25519, hpke.KDF.HKDF_SHA256, hpke.AEAD.CHACHA20_POLY1305)
_ENC_BYTES = 32
_TYPES = {"release": "mpex-sealed-release", "transfer": "mpex-sealed-custody-package"}


def key_of(keys: dict[str, Any]) -> dict[str, Any] | None:
    """Return the first key for encryption of a JWKS, or None."""
    return next((key for key in keys.get("keys", ()) if key.get("use") == "enc"), None)


def private_key(document: dict[str, Any]) -> X25519PrivateKey:
    """Read a private X25519 JWK; ValueError for every other key."""
    if (document.get("kty"), document.get("crv")) != ("OKP", "X25519") or "d" not in document:
        raise ValueError("the key is not a private X25519 JWK")
    return X25519PrivateKey.from_private_bytes(unb64u(document["d"]))


def seal(
    content: dict[str, Any], terms: dict[str, Any], key: dict[str, Any], *, what: str, **bound: str
) -> dict[str, Any]:
    """Return ``content`` sealed to a public JWK.

    ``what`` is `release` or `transfer`, which ``terms`` name, beside ``iss``, ``aud`` and ``purpose``;
    ``bound`` replaces what the seal is bound to.
    """
    public = X25519PublicKey.from_public_bytes(unb64u(key["x"]))
    sealed = _SUITE.encrypt(json.dumps(content).encode(), public, _info(terms, what, **bound))
    return {
        what: terms[what],
        "kid": key["kid"],
        "enc": b64u(sealed[:_ENC_BYTES]),
        "ciphertext": b64u(sealed[_ENC_BYTES:]),
    }


def unseal(
    package: dict[str, Any], key: X25519PrivateKey, terms: dict[str, Any], what: str = "release"
) -> bytes | None:
    """Return what was sealed to ``key`` under ``iss``, ``aud`` and ``purpose`` of ``terms``, else None."""
    try:
        sealed = unb64u(package["enc"]) + unb64u(package["ciphertext"])
        return _SUITE.decrypt(sealed, key, _info({**terms, what: package[what]}, what))
    except (InvalidTag, ValueError, KeyError, TypeError):
        return None


def _info(terms: dict[str, Any], what: str, **changes: str) -> bytes:
    bound = {name: terms[name] for name in ("iss", "aud", "purpose", what)}
    return rfc8785.dumps({**bound, "type": _TYPES[what], **changes})
