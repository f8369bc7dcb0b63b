"""Signed messages for the tests: keys, vectors, and messages of any form."""

import json
from collections.abc import Callable
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from mpex_conformance.wire import jose
from mpex_server.kit import jws
from mpex_server.peers import signatures
from mpex_spec import root
from mpex_spec.message_signatures import Message, Request, Response, sign

NOW = 1_795_255_200
Document = dict[str, Any]


def vectors() -> list[Document]:
    """Return the published vectors."""
    text = (root() / "vectors" / "wire" / "signed-messages.json").read_text(encoding="utf-8")
    cases: list[Document] = json.loads(text)["cases"]
    return cases


def message(case: Document) -> Message:
    """Return the message of a vector."""
    asked = case["request"]
    request = Request(asked["method"], asked["targetUri"], asked["fields"], asked["body"].encode())
    answer = case.get("response")
    if answer is None:
        return request
    return Response(answer["status"], answer["fields"], answer["body"].encode(), request)


class Pen:
    """A key that signs and verifies as the server does."""

    def __init__(self) -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        public = jose.public_jwk(self.key)
        self.jwk = {**public, "kid": jose.thumbprint(public)}
        self.kid = self.jwk["kid"]

    def signed(self, asked: Request, created: int = NOW) -> Request:
        """Return a request with its signature."""
        made = sign(asked, key_id=self.kid, created=created, signer=self.sign)
        return Request(asked.method, asked.target_uri, {**asked.fields, **made}, asked.body)

    def sign(self, base: bytes) -> bytes:
        """Return the raw signature of a base."""
        return jose.signature("ES256", self.key, base)


def verifier(jwk: Document) -> Callable[[str, bytes, bytes], None]:
    """Return the server's verification by one key."""
    return lambda kid, base, raw: jws.verify_bare(raw, base, signatures.key_of({"keys": [jwk]}, kid))
