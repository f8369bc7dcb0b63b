"""Sealed boxes: AES-256-GCM with a fresh nonce in front and the context as associated data."""

import hashlib
import hmac
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KEY_BYTES = 32
_NONCE_BYTES = 12


class SealError(ValueError):
    """The box was altered, or belongs to another key or context."""


def new_key() -> bytes:
    """Return a fresh 256-bit key."""
    return AESGCM.generate_key(KEY_BYTES * 8)


def seal(key: bytes, plain: bytes, context: bytes) -> bytes:
    """Return nonce and ciphertext of `plain`, bound to `context`."""
    nonce = os.urandom(_NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, plain, context)


def unseal(key: bytes, box: bytes, context: bytes) -> bytes:
    """Return what was sealed; raises SealError when key, context or box do not fit."""
    try:
        return AESGCM(key).decrypt(box[:_NONCE_BYTES], box[_NONCE_BYTES:], context)
    except (InvalidTag, ValueError) as error:
        raise SealError("the box does not open with this key and context") from error


def mac(key: bytes, *parts: bytes | str) -> bytes:
    """Return HMAC-SHA-256 over the parts, each preceded by its length so that none runs into the next."""
    digest = hmac.new(key, digestmod=hashlib.sha256)
    for part in parts:
        data = part.encode() if isinstance(part, str) else part
        digest.update(len(data).to_bytes(8, "big") + data)
    return digest.digest()
