"""A vault that holds its keys as bytes of a store: whoever reads the store or the process has them."""

from functools import cached_property
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from joserfc.jwk import ECKey

from mpex_server.keys import material
from mpex_server.keys.names import GUARDED, LOG, kind_of
from mpex_server.keys.places import Signing, Store, Wrapping, sound
from mpex_server.kit import aead


class Held:
    """Vault over a store."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def names(self) -> list[str]:
        """Return the names of the keys that wrap and sign."""
        return [name for name in self._store.names() if kind_of(name) in GUARDED]

    def wrapping(self, name: str) -> Wrapping:
        """Return a key that wraps."""
        return _Wrapping(sound(self._store, name))

    def signing(self, name: str) -> Signing:
        """Return a key that signs."""
        written = sound(self._store, name)
        return _LogKey(written) if name == LOG else _SigningKey(material.signing_key(written))

    def make(self, name: str) -> None:
        """Add a fresh key to the store."""
        self._store.add(name, material.fresh(name))

    def take(self, name: str, written: bytes) -> None:
        """Add a key to the store."""
        self._store.add(name, written)

    def remove(self, name: str) -> None:
        """Remove a key from the store."""
        self._store.remove(name)


class _Wrapping:
    def __init__(self, key: bytes) -> None:
        self._key = key

    def seal(self, plain: bytes, context: bytes) -> bytes:
        return aead.seal(self._key, plain, context)

    def unseal(self, box: bytes, context: bytes) -> bytes:
        return aead.unseal(self._key, box, context)


class _SigningKey:
    def __init__(self, key: ECKey) -> None:
        self._key = key

    @cached_property
    def public(self) -> dict[str, Any]:
        return dict(self._key.as_dict(private=False))

    def sign(self, data: bytes) -> bytes:
        return material.sign_es256(self._key, data)


class _LogKey:
    def __init__(self, seed: bytes) -> None:
        self._key = Ed25519PrivateKey.from_private_bytes(seed)

    @cached_property
    def public(self) -> dict[str, Any]:
        return material.ed25519_jwk(self._key.public_key().public_bytes_raw())

    def sign(self, data: bytes) -> bytes:
        return self._key.sign(data)
