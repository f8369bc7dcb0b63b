"""The keys of a node, the same wherever they lie: which of several is used, and which still count."""

from collections.abc import Mapping
from typing import Any

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from mpex_server.keys import material
from mpex_server.keys.names import (
    LOG,
    NUMBERED,
    RENEWED,
    SECRETS,
    SINGLE,
    is_known,
    kind_of,
    number_of,
    numbered,
)
from mpex_server.keys.places import Place, sound
from mpex_server.keys.provider import KeysError, SecretName
from mpex_server.kit import base64url, hpke


class Keys:
    """KeyProvider over a place; raises KeysError when something is missing there.

    Of key-encryption keys, signing keys and secrets the highest number is used; the others still open, are
    still published, and are still looked under. Of the keys of the federation
    the lowest number signs statements, the highest marks.
    """

    def __init__(self, place: Place) -> None:
        self._store, self._vault = place.store, place.vault
        names = place.names()
        found = {kind: [name for name in names if kind_of(name) == kind] for kind in NUMBERED}
        lacking = [
            *(kind for kind in found if not found[kind]),
            *(name for name in SINGLE if name not in names),
        ]
        if lacking:
            what = ", ".join(lacking)
            raise KeysError(f"{place.where} lacks {what}; `mpex-server init` or `new-key` makes keys")
        self._current = found["kek"][-1]
        self._wrapping = {name: self._vault.wrapping(name) for name in found["kek"]}
        self._signing = [self._vault.signing(name) for name in found["signing"]]
        self._federation = [self._vault.signing(name) for name in found["federation"]]
        self._log = self._vault.signing(LOG)
        self._encryption = [material.encryption_key(sound(self._store, name)) for name in found["encryption"]]
        self._read_secrets()

    def current(self) -> str:
        """Return the identifier of the newest key-encryption key at the start."""
        return self._current

    def wrap(self, key: bytes, context: bytes) -> bytes:
        """Seal `key` under the newest key-encryption key."""
        return self._wrapping[self._current].seal(key, b"kek|" + context)

    def unwrap(self, kek_id: str, wrapped: bytes, context: bytes) -> bytes:
        """Open a wrapped key, also under a key that another process has added since the start."""
        if kek_id not in self._wrapping and is_known(kek_id) and kind_of(kek_id) == "kek":
            self._wrapping[kek_id] = self._vault.wrapping(kek_id)
        return self._wrapping[kek_id].unseal(wrapped, b"kek|" + context)

    def signing_kid(self) -> str:
        """Return the thumbprint of the newest signing key."""
        return str(self._signing[-1].public["kid"])

    def sign(self, data: bytes) -> bytes:
        """Sign with ES256."""
        return self._signing[-1].sign(data)

    def sign_log(self, data: bytes) -> bytes:
        """Sign with the log's key."""
        return self._log.sign(data)

    def log_public_key(self) -> bytes:
        """Return the log's public key."""
        return base64url.decode(self._log.public["x"])

    def public_jwks(self) -> dict[str, Any]:
        """Return all keys without private members: those that sign, then those to seal to, newest first."""
        signing = [{**key.public, "use": "sig"} for key in self._signing]
        return {"keys": signing + [key.as_dict(private=False) for key in reversed(self._encryption)]}

    def federation_jwks(self) -> dict[str, Any]:
        """Return the public keys of the entity, oldest first."""
        return {"keys": [dict(key.public) for key in self._federation]}

    def sign_federation(self, kid: str, data: bytes) -> bytes:
        """Sign with a key of the entity."""
        return {str(key.public["kid"]): key for key in self._federation}[kid].sign(data)

    def unseal(self, kid: str, enc: bytes, ciphertext: bytes, info: bytes) -> bytes:
        """Open what a partner sealed to an encryption key of this node."""
        private = next((key.private_key for key in self._encryption if key.kid == kid), None)
        if not isinstance(private, X25519PrivateKey):
            raise KeyError(kid)
        return hpke.unseal(private, enc, ciphertext, info)

    def secret(self, name: SecretName) -> bytes:
        """Return the newest generation of a secret."""
        return next(iter(self.generations(name).values()))

    def generations(self, name: SecretName) -> Mapping[int, bytes]:
        """Return the generations of a secret, newest first, also those that another process has added."""
        if name in RENEWED and self._awaited[name]():
            self._read_secrets()
        return self._secrets[name]

    def _read_secrets(self) -> None:
        names = sorted(self._store.names(), reverse=True)
        found = {kind: [name for name in names if kind_of(name) == kind] for kind in SECRETS}
        self._secrets = {
            kind: {number_of(name) or 1: sound(self._store, name) for name in found[kind]} for kind in SECRETS
        }
        after = {kind: numbered(kind, max(self._secrets[kind]) + 1) for kind in RENEWED}
        self._awaited = {kind: self._store.awaiting(name) for kind, name in after.items()}
