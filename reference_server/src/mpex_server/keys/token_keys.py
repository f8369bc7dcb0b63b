"""Keys of a token at work: they seal, open and sign there, and nobody reads them."""

import hashlib
import os
from typing import Any

from pkcs11 import Attribute, GCMParams, KeyType, Mechanism, ObjectClass

from mpex_server.keys import material
from mpex_server.keys.provider import KeysAwayError
from mpex_server.keys.token import Login, Token
from mpex_server.kit import aead

_NONCE_BYTES, _TAG_BITS, _COORDINATE_BYTES = 12, 128, 32


class TokenWrapping:
    """An AES-256 key of a token; its boxes have the form of `kit.aead`."""

    def __init__(self, token: Token, label: str) -> None:
        self._token, self._label = token, label
        token.use(self._key)

    def seal(self, plain: bytes, context: bytes) -> bytes:
        """Seal in the token, under a nonce of this machine."""
        nonce = os.urandom(_NONCE_BYTES)
        return nonce + self._token.use(
            lambda login: bytes(self._key(login).encrypt(plain, **_gcm(nonce, context)))
        )

    def unseal(self, box: bytes, context: bytes) -> bytes:
        """Open in the token; raises aead.SealError, KeysAwayError."""
        try:
            return self._opened(box, context)
        except KeysAwayError:
            # Tokens have many words for a box that does not open, and the same ones for failures of theirs.
            self._opened(self.seal(b"", context), context)
        try:
            return self._opened(box, context)
        except KeysAwayError as error:
            raise aead.SealError("the box does not open with this key and context") from error

    def _opened(self, box: bytes, context: bytes) -> bytes:
        nonce, sealed = box[:_NONCE_BYTES], box[_NONCE_BYTES:]
        return self._token.use(lambda login: bytes(self._key(login).decrypt(sealed, **_gcm(nonce, context))))

    def _key(self, login: Login) -> Any:
        return login.key(ObjectClass.SECRET_KEY, self._label)


class TokenSigning:
    """A P-256 key of a token that signs with ES256, or its Ed25519 key."""

    def __init__(self, token: Token, label: str) -> None:
        self._token, self._label = token, label
        self._edwards, point = token.use(self._published)
        self.public: dict[str, Any] = _edwards_jwk(point) if self._edwards else _p256_jwk(point)

    def sign(self, data: bytes) -> bytes:
        """Sign in the token."""
        if self._edwards:
            return self._signed(data, Mechanism.EDDSA)
        return self._signed(hashlib.sha256(data).digest(), Mechanism.ECDSA)

    def _signed(self, data: bytes, mechanism: Mechanism) -> bytes:
        def signed(login: Login) -> bytes:
            return bytes(login.key(ObjectClass.PRIVATE_KEY, self._label).sign(data, mechanism=mechanism))

        return self._token.use(signed)

    def _published(self, login: Login) -> tuple[bool, bytes]:
        key = login.key(ObjectClass.PUBLIC_KEY, self._label)
        return key.key_type == KeyType.EC_EDWARDS, key[Attribute.EC_POINT]


def _gcm(nonce: bytes, context: bytes) -> dict[str, Any]:
    return {"mechanism": Mechanism.AES_GCM, "mechanism_param": GCMParams(nonce, context, _TAG_BITS)}


def _p256_jwk(point: bytes) -> dict[str, Any]:
    # The two coordinates come last, whether or not the point is wrapped as PKCS#11 wants it.
    x, y = point[-2 * _COORDINATE_BYTES : -_COORDINATE_BYTES], point[-_COORDINATE_BYTES:]
    return material.p256_jwk(x, y)


def _edwards_jwk(point: bytes) -> dict[str, Any]:
    return material.ed25519_jwk(point[-_COORDINATE_BYTES:])
