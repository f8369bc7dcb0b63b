"""Identifiers of the wire, `<kind>:<26 characters of [a-z2-7]>` (130 bits); a client may mint them."""

import hashlib
import secrets

__all__ = ["derived_id", "new_id"]

_ALPHABET = "abcdefghijklmnopqrstuvwxyz234567"
_LENGTH = 26


def new_id(kind: str) -> str:
    """Return a fresh random identifier of `kind`, for example `person:…`."""
    return _spell(kind, secrets.randbits(5 * _LENGTH))


def derived_id(kind: str, seed: bytes) -> str:
    """Return the identifier of `kind` that belongs to `seed`, so that a repeated import finds its work.

    Only for documents without personal data: whoever knows the seed knows the identifier.
    """
    digest = hashlib.sha256(b"mpex derived id\0" + kind.encode() + b"\0" + seed).digest()
    return _spell(kind, int.from_bytes(digest))


def _spell(kind: str, number: int) -> str:
    return f"{kind}:" + "".join(_ALPHABET[number >> 5 * place & 31] for place in range(_LENGTH))
