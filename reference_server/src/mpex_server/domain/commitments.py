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


def opens(commitment: bytes, salt: bytes, label: str, *parts: bytes) -> bool:
    """Tell, in constant time, whether the parts are what was committed to."""
    return hmac.compare_digest(commitment, commit(salt, label, *parts))


def pseudonym(salt: bytes, record_id: str) -> str:
    """Return the name (64 hex digits) that stands for a record in leaves of the log."""
    return commit(salt, "subject", record_id.encode()).hex()


def candidates(salt: bytes, record_ids: Iterable[str]) -> bytes:
    """Commit to a set of candidates of one search; their order and number cannot be read from it."""
    return commit(salt, "candidates", *(record_id.encode() for record_id in sorted(set(record_ids))))


def section_digest(salt: bytes, category: str, content: bytes) -> bytes:
    """Return the digest of one category of a release, so that later reduction keeps its signature.

    Each category has a salt of its own; a reduced release omits content and salt and keeps the digest.
    """
    return commit(salt, "section", category.encode(), content)
