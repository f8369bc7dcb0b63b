"""Messages between nodes bear the signature of the node that sent them (annex A of the standard)."""

from typing import Any

from mpex_spec.message_signatures import Message, SignatureRefusedError, sign, verify

from mpex_server.keys import KeyProvider
from mpex_server.kit import jws
from mpex_server.peers import signatures


def signed(keys: KeyProvider, message: Message, created: float) -> dict[str, str]:
    """Return the fields that make a message one of this node."""
    return sign(message, key_id=keys.signing_kid(), created=int(created), signer=keys.sign)


class UnknownKeyError(SignatureRefusedError):
    """The message names a key that its sender is not known to have, and is otherwise in form."""


def check(message: Message, jwks: dict[str, Any], now: float) -> None:
    """Refuse a message that is not signed with a key of the set; raises SignatureRefusedError."""

    def fits(key_id: str, base: bytes, signature: bytes) -> None:
        jws.verify_bare(signature, base, signatures.key_of(jwks, key_id))

    try:
        verify(message, now=now, verifier=fits)
    except SignatureRefusedError as error:
        if isinstance(error.__cause__, signatures.UnknownKeyError):
            raise UnknownKeyError(error.code, str(error)) from error
        raise
