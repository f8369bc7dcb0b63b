"""How the partners of the tests sign what they send (annex A of the standard)."""

import json
from collections.abc import Callable
from typing import Any

import httpx2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from joserfc.jwk import ECKey, Key, OKPKey, RSAKey
from mpex_server.keys.material import sign_es256
from mpex_server.kit import base64url
from mpex_spec.message_signatures import Request, sign

AS_IS = {"as_is": True}
"""Extensions of a request that is sent with no other signature than it has."""


def caller(request: httpx2.Request) -> str | None:
    """Return the client that the token of a request was issued to, None for a request without a sound one."""
    token = request.headers.get("authorization", "").partition(" ")[2]
    try:
        return str(json.loads(base64url.decode(token.split(".")[1]))["client_id"])
    except (IndexError, ValueError, KeyError):
        return None


def message(request: httpx2.Request) -> Request:
    """Return a request as its signature covers it; what it lacks is empty."""
    fields = {"authorization": "", "dpop": "", **dict(request.headers)}
    return Request(request.method, str(request.url), fields, request.content)


def sign_as(request: httpx2.Request, key: Key, created: float) -> None:
    """Sign a request with a key of the partner that sends it."""
    fields = sign(message(request), key_id=str(key.kid), created=int(created), signer=signer(key))
    request.headers.update(fields)


def signer(key: Key) -> Callable[[bytes], bytes]:
    """Return what makes raw signatures by the algorithm of a private key."""
    private: Any = key.private_key
    if isinstance(key, ECKey):
        return lambda data: sign_es256(key, data)
    if isinstance(key, RSAKey):
        pss = padding.PSS(padding.MGF1(hashes.SHA256()), 32)
        return lambda data: bytes(private.sign(data, pss, hashes.SHA256()))
    assert isinstance(key, OKPKey)
    return lambda data: bytes(private.sign(data))
