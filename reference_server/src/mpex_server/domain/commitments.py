"""Salted commitments and pseudonyms: everything the log or a tombstone keeps in place of personal data.

Each is an HMAC-SHA-256 under a salt that lives with the record's key: shredding the key unlinks the value
from the person, and proofs over it still verify. Labels keep the uses apart; length prefixes make the parts
of a value unambiguous.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable
from typing import Final

SALT_BYTES: Final = 32


def commit(salt: bytes, label: str, *parts: bytes) -> bytes:
    """Return the commitment (32 bytes) to the parts, in order; ValueError when the salt is too short."""
    if len(salt) < SALT_BYTES:
        raise ValueError("a salt has at least 32 bytes")
    message = b"".join(len(part).to_bytes(8, "big") + part for part in (label.encode(), *parts))
    return hmac.digest(salt, message, hashlib.sha256)


def candidates(salt: bytes, record_ids: Iterable[str]) -> bytes:
    """Commit to a set of candidates of one search; their order and number cannot be read from it."""
    return commit(salt, "candidates", *(record_id.encode() for record_id in sorted(set(record_ids))))
