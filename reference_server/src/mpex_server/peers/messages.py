"""Messages between nodes bear the signature of the node that sent them (annex A of the standard)."""

from typing import Any

from mpex_spec.message_signatures import Message, sign, verify

from mpex_server.keys import KeyProvider
from mpex_server.kit import jws
from mpex_server.peers import signatures


def signed(keys: KeyProvider, message: Message, created: float) -> dict[str, str]:
    """Return the fields that make a message one of this node."""
    return sign(message, key_id=keys.signing_kid(), created=int(created), signer=keys.sign)


def check(message: Message, jwks: dict[str, Any], now: float) -> None:
    """Refuse a message that is not signed with a key of the set; raises SignatureRefusedError."""

    def fits(key_id: str, base: bytes, signature: bytes) -> None:
        jws.verify_bare(signature, base, signatures.key_of(jwks, key_id))

    verify(message, now=now, verifier=fits)
