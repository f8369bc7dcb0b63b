"""Signatures of others: P-256, Ed25519 and RSA, each with the one algorithm that the standard gives it."""

from collections.abc import Mapping
from typing import Any

from joserfc.errors import JoseError
from joserfc.jwk import ECKey, JWKRegistry, Key, OKPKey, RSAKey
from joserfc.jws import JWSRegistry

__all__ = ["algorithms", "checked", "public_key"]

_LEAST_RSA_BITS = 2048


def public_key(jwk: Mapping[str, Any]) -> Key:
    """Import a public JWK; ValueError for one that is private, weak or of another kind."""
    try:
        if jwk["kty"] == "oct":
            raise ValueError("the key is a shared secret")
        key = JWKRegistry.import_key(dict(jwk))
    except (JoseError, LookupError, TypeError) as error:
        raise ValueError("the key cannot be imported") from error
    if key.is_private or not algorithms(key):
        raise ValueError("the key is no public key of the standard")
    return key


def algorithms(key: Key) -> tuple[str, ...]:
    """Return the names of the algorithm that fits a key; none when the standard has none for it."""
    if isinstance(key, ECKey):
        return ("ES256",) if key.curve_name == "P-256" else ()
    if isinstance(key, OKPKey):
        return ("Ed25519", "EdDSA") if key.curve_name == "Ed25519" else ()
    if isinstance(key, RSAKey):
        return ("PS256",) if key.raw_value.key_size >= _LEAST_RSA_BITS else ()
    return ()


def checked(key: Key, data: bytes, signature: bytes) -> None:
    """Check a signature; ValueError when the key did not make it."""
    try:
        sound = (
            JWSRegistry(algorithms=[name := algorithms(key)[0]]).get_alg(name).verify(data, signature, key)
        )
    except JoseError as error:
        raise ValueError("the key cannot be used") from error
    if not sound:
        raise ValueError("the signature does not fit the key")
