"""Messages of a partner node: it signs what it asks, and believes what the other has signed (annex A)."""

from collections.abc import Mapping
from typing import Any

import httpx2
from joserfc.errors import JoseError
from joserfc.jwk import JWKRegistry, Key
from joserfc.jws import JWSRegistry
from mpex_spec.message_signatures import Message, Request, Response, sign, verify

from mpex_client.keys import SigningKey

__all__ = ["answered", "asked", "is_partner", "signature", "verified"]

_ALGORITHMS = {"EC": "ES256", "OKP": "Ed25519", "RSA": "PS256"}


def is_partner(client_id: str) -> bool:
    """Tell whether a client is a node, which signs its messages; staff do not."""
    return client_id.startswith("node:")


def asked(request: httpx2.Request) -> Request:
    """Return a request as its signature covers it."""
    return Request(request.method, str(request.url), request.headers, request.content)


def answered(request: httpx2.Request, response: httpx2.Response) -> Response:
    """Return an answer as its signature covers it."""
    return Response(response.status_code, response.headers, response.content, asked(request))


def signature(message: Message, key: SigningKey, now: float) -> dict[str, str]:
    """Return the fields that sign a message."""
    return sign(message, key_id=key.key_id, created=int(now), signer=key.sign_bytes)


def verified(message: Message, keys: Mapping[str, Any], now: float) -> None:
    """Refuse a message that is not signed with a key of the JWKS; raises SignatureRefusedError."""

    def fits(key_id: str, base: bytes, raw: bytes) -> None:
        try:
            key = _key(keys, key_id)
            name = _ALGORITHMS[key.key_type]
            sound = JWSRegistry(algorithms=[name]).get_alg(name).verify(base, raw, key)
        except (JoseError, LookupError) as error:
            raise ValueError("the key cannot be used") from error
        if not sound:
            raise ValueError("the signature does not fit the key")

    verify(message, now=now, verifier=fits)


def _key(keys: Mapping[str, Any], key_id: str) -> Key:
    """Return the key of a JWKS that has this `kid`; LookupError or JoseError when there is none."""
    named: dict[str, Any] = next((key for key in keys["keys"] if key.get("kid") == key_id), {})
    return JWKRegistry.import_key(named)
