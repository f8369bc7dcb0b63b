"""The private key of a client: it signs assertions and proofs of possession, and never shows itself."""

import json
from pathlib import Path
from typing import Any, Self

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey
from joserfc.jws import JWSRegistry

from mpex_client._errors import ConfigurationError

__all__ = ["SigningKey"]

_CURVE = "P-256"
_ES256 = JWSRegistry(algorithms=["ES256"]).get_alg("ES256")


class SigningKey:
    """An ES256 (P-256) private key."""

    def __init__(self, key: ECKey) -> None:
        if not key.is_private or key.as_dict(private=False).get("crv") != _CURVE:
            raise ConfigurationError("the key of a client is a private EC key on the curve P-256")
        self._key = key

    @classmethod
    def generate(cls) -> Self:
        """Return a new key."""
        return cls(ECKey.generate_key(_CURVE, private=True))

    @classmethod
    def from_text(cls, text: str) -> Self:
        """Read a private JWK (JSON) or a PEM text; ConfigurationError when it is neither."""
        try:
            return cls(ECKey.import_key(json.loads(text) if text.lstrip().startswith("{") else text))
        except (ValueError, KeyError, TypeError, JoseError) as error:
            raise ConfigurationError("the key is neither a private JWK nor a PEM text") from error

    @classmethod
    def from_file(cls, path: Path) -> Self:
        """Read a file with a private JWK or a PEM text."""
        try:
            return cls.from_text(path.read_text(encoding="utf-8"))
        except OSError as error:
            raise ConfigurationError(f"the key file {path.name} cannot be read") from error

    @property
    def key_id(self) -> str:
        """The `kid` of the key, or else its RFC 7638 thumbprint."""
        return str(self._key.kid or self._key.thumbprint())

    @property
    def public_jwk(self) -> dict[str, Any]:
        """The public half as a JWK (RFC 7517) with `kid`, `alg` and `use`, as a registry lists it."""
        return self._bare() | {"kid": self.key_id, "alg": "ES256", "use": "sig"}

    def private_text(self) -> str:
        """Return the private JWK as JSON, for a file that only its owner reads."""
        return json.dumps(self._key.as_dict(private=True) | {"kid": self.key_id})

    def sign(self, typ: str, claims: dict[str, Any], *, with_jwk: bool = False) -> str:
        """Return a compact ES256 JWT; its header names the key, or carries the public half."""
        header: dict[str, Any] = {"typ": typ, "alg": "ES256"}
        header |= {"jwk": self._bare()} if with_jwk else {"kid": self.key_id}
        return jwt.encode(header, claims, self._key, algorithms=["ES256"])

    def sign_bytes(self, data: bytes) -> bytes:
        """Return the raw ES256 signature (64 bytes) of bytes."""
        return _ES256.sign(data, self._key)

    def __repr__(self) -> str:
        return f"SigningKey({self.key_id!r})"

    def _bare(self) -> dict[str, Any]:
        public = self._key.as_dict(private=False)
        return {name: public[name] for name in ("kty", "crv", "x", "y")}
