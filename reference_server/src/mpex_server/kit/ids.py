"""Identifiers of the wire: `<kind>:<26 characters of [a-z2-7]>`, 130 random bits, never reused."""

import base64
import re
import secrets

_LENGTH = 26
_BYTES = 17
PATTERN = re.compile(r"[a-z][A-Za-z]{1,30}:[a-z2-7]{26}")


def new_id(kind: str) -> str:
    """Return a fresh identifier of `kind`, for example `person:…`."""
    return derived_id(kind, secrets.token_bytes(_BYTES))


def derived_id(kind: str, digest: bytes) -> str:
    """Return the identifier that stands for a keyed digest of at least 17 bytes, always the same."""
    return f"{kind}:{base64.b32encode(digest)[:_LENGTH].decode().lower()}"


def kind_of(identifier: str) -> str:
    """Return the kind of a well-formed identifier; raises ValueError otherwise."""
    if not PATTERN.fullmatch(identifier):
        raise ValueError("not an identifier of the form kind:26 characters of a-z and 2-7")
    return identifier.partition(":")[0]
