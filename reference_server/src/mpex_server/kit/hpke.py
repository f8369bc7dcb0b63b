"""Hybrid public key encryption to X25519 keys (RFC 9180), base mode, one message for each key agreement.

The suite is DHKEM(X25519, HKDF-SHA256), HKDF-SHA256 and ChaCha20Poly1305. What a message is bound to goes in
`info`; associated data are empty.
"""

from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hpke
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey

from mpex_server.kit import base64url

_SUITE = hpke.Suite(hpke.KEM.X25519, hpke.KDF.HKDF_SHA256, hpke.AEAD.CHACHA20_POLY1305)
_ENC_BYTES = 32


class HpkeError(ValueError):
    """A key or a message cannot be used; the message never says what it holds."""


def is_for_encryption(jwk: dict[str, Any]) -> bool:
    """Tell whether a JWK is meant for encryption (`use`, RFC 7517 §4.2)."""
    return jwk.get("use") == "enc"


def public_key(jwk: dict[str, Any]) -> X25519PublicKey:
    """Import a public X25519 JWK (RFC 8037); raises HpkeError for any other key."""
    if (
        (jwk.get("kty"), jwk.get("crv")) != ("OKP", "X25519")
        or "d" in jwk
        or not isinstance(jwk.get("kid"), str)
    ):
        raise HpkeError("the key is not a public X25519 JWK with a kid")
    try:
        key = X25519PublicKey.from_public_bytes(base64url.decode(jwk["x"]))
        # A point of low order imports, and agrees on nothing (RFC 7748 §6.1).
        X25519PrivateKey.generate().exchange(key)
        return key
    except (ValueError, KeyError, TypeError) as error:
        raise HpkeError("the key cannot be imported") from error


def seal(key: X25519PublicKey, plaintext: bytes, info: bytes) -> tuple[bytes, bytes]:
    """Return the encapsulated key (32 bytes) and the ciphertext."""
    try:
        sealed = _SUITE.encrypt(plaintext, key, info)
    except ValueError as error:
        raise HpkeError("nothing can be sealed to the key") from error
    return sealed[:_ENC_BYTES], sealed[_ENC_BYTES:]


def unseal(key: X25519PrivateKey, enc: bytes, ciphertext: bytes, info: bytes) -> bytes:
    """Return the plaintext; raises HpkeError for what is sealed to another key or for another use."""
    if len(enc) != _ENC_BYTES:
        raise HpkeError("the encapsulated key has another length")
    try:
        return _SUITE.decrypt(enc + ciphertext, key, info)
    except (InvalidTag, ValueError) as error:
        raise HpkeError("the message is not sealed to this key for this use") from error
