"""Messages of a partner node: it signs what it asks, and believes what the other has signed (annex A)."""

from collections.abc import Mapping
from typing import Any

import httpx2
from mpex_spec.message_signatures import SIGNATURE_INPUT, Message, Request, Response, sign, verify

from mpex_client._signatures import checked, public_key
from mpex_client.keys import SigningKey

__all__ = ["answered", "asked", "is_key_set", "is_partner", "names_key", "signature", "verified"]


def is_partner(client_id: str) -> bool:
    """Tell whether a client is a node, which signs its messages; staff do not."""
    return client_id.startswith("node:")


def is_key_set(value: object) -> bool:
    """Tell whether something has the form of a JWK set."""
    keys = value.get("keys") if isinstance(value, Mapping) else None
    return isinstance(keys, list) and all(isinstance(key, dict) for key in keys)


def names_key(response: httpx2.Response, keys: Mapping[str, Any]) -> bool:
    """Tell whether the signature of an answer names a key of the JWK set, whoever made it."""
    given = response.headers.get(SIGNATURE_INPUT, "")
    return any(f';keyid="{key.get("kid")}"' in given for key in keys["keys"])


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
        named: dict[str, Any] = next((key for key in keys["keys"] if key.get("kid") == key_id), {})
        checked(public_key(named), base, raw)

    verify(message, now=now, verifier=fits)
