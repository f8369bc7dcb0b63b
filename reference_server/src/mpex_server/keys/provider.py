"""What the server needs of its keys, wherever they lie, and how it is told that they are not to be had."""

from collections.abc import Mapping
from typing import Any, Literal, Protocol

KeyKind = Literal["kek", "signing", "federation", "encryption", "index", "audit"]
"""Kinds of keys and secrets of which a node may have several, numbered as they are made."""
RenewedName = Literal["index", "audit"]
"""Secrets that can be replaced: what hangs on an older one is read with it until it is made anew."""
SecretName = Literal["index", "audit", "identifiers", "cursor", "etag", "idempotency"]


class KeysError(RuntimeError):
    """The keys are missing, incomplete or open to others, or cannot be changed; the text says what to do."""


class KeysAwayError(KeysError):
    """What holds the keys does not answer, or refuses: requests wait until it does."""


class PinRefusedError(KeysAwayError):
    """The token refuses the PIN, and is not asked again before a person has looked."""


class KeyProvider(Protocol):
    """Wraps record keys, signs, and holds the named secrets; private keys never leave it."""

    def current(self) -> str:
        """Return the identifier of the key-encryption key that wraps new record keys."""

    def wrap(self, key: bytes, context: bytes) -> bytes:
        """Return `key` sealed under the current key-encryption key and bound to `context`."""

    def unwrap(self, kek_id: str, wrapped: bytes, context: bytes) -> bytes:
        """Return the key; raises aead.SealError when it was altered, KeyError for an unknown `kek_id`."""

    def signing_kid(self) -> str:
        """Return the `kid` under which `sign` signs."""

    def sign(self, data: bytes) -> bytes:
        """Return the raw ES256 signature (64 bytes) of the node."""

    def sign_log(self, data: bytes) -> bytes:
        """Return the raw Ed25519 signature (64 bytes) of the log."""

    def log_public_key(self) -> bytes:
        """Return the 32 raw bytes of the log's public key."""

    def public_jwks(self) -> dict[str, Any]:
        """Return the public key set (RFC 7517), older keys included; those for encryption newest first."""

    def unseal(self, kid: str, enc: bytes, ciphertext: bytes, info: bytes) -> bytes:
        """Open what was sealed to a key of the node (RFC 9180); raises KeyError for a `kid` that is not here,
        hpke.HpkeError for what does not open."""

    def federation_jwks(self) -> dict[str, Any]:
        """Return the public keys of the entity in its federation, oldest first; the oldest signs statements.

        So a new one is known to the superiors before it signs: nobody takes a statement by a key that no
        superior vouches for.
        """

    def sign_federation(self, kid: str, data: bytes) -> bytes:
        """Return the raw ES256 signature (64 bytes) by that key of the entity; raises KeyError."""

    def secret(self, name: SecretName) -> bytes:
        """Return the newest of a named 256-bit secret."""

    def generations(self, name: SecretName) -> Mapping[int, bytes]:
        """Return each generation of a secret by number, newest first, also what another process has added."""
