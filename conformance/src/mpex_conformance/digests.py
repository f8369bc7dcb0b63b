"""Digests of a release: SHA-256 over the salt and the canonical JSON of a category's values."""

import hashlib
from typing import Any

import rfc8785

from mpex_conformance.wire.jose import b64u, unb64u


def digest(salt: str, values: list[dict[str, Any]]) -> str:
    """Return the digest of one category, base64url; ``salt`` is base64url too."""
    return b64u(hashlib.sha256(unb64u(salt) + rfc8785.dumps(values)).digest())
