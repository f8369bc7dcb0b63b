"""What a partner said of itself when that was verified last: by which key, when, and until when it holds."""

from datetime import datetime
from typing import Any

from mpex_server.kit import jws

_MAX_CHARS = 65_536


def signer(configuration: str) -> str:
    """Return the thumbprint of the key that signed a configuration."""
    parsed = jws.parse(configuration, max_chars=_MAX_CHARS)
    (key,) = (key for key in parsed.claims["jwks"]["keys"] if key["kid"] == parsed.header["kid"])
    return jws.verification_key(key).thumbprint


def holds(configuration: str, now: datetime) -> bool:
    """Tell whether a configuration has not ended."""
    return bool(_claims(configuration)["exp"] > now.timestamp())


def _claims(configuration: str) -> dict[str, Any]:
    return jws.parse(configuration, max_chars=_MAX_CHARS).claims
