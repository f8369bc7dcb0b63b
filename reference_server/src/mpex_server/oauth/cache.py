"""Verified access tokens by hash, so that a token's signature is checked once and not on every request."""

import hashlib
from collections import OrderedDict
from threading import Lock
from typing import Any

_CAPACITY = 4096


class TokenCache:
    """A bounded map from token to its verified claims; whether they still hold is asked on every use."""

    def __init__(self) -> None:
        self._claims: OrderedDict[bytes, dict[str, Any]] = OrderedDict()
        self._lock = Lock()

    def get(self, token: str) -> dict[str, Any] | None:
        """Return the claims of a token verified before, or None."""
        with self._lock:
            return self._claims.get(_digest(token))

    def put(self, token: str, claims: dict[str, Any]) -> None:
        """Remember a token whose signature is good; the oldest gives way."""
        with self._lock:
            self._claims[_digest(token)] = claims
            if len(self._claims) > _CAPACITY:
                self._claims.popitem(last=False)


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
