"""What waits in the database for a while, sealed under the audit secret of the node, whichever generation."""

from mpex_server.keys.provider import KeyProvider
from mpex_server.kit import aead


def seal(keys: KeyProvider, use: str, content: bytes, context: bytes) -> bytes:
    """Seal under the newest generation, for one use and bound to its place."""
    return aead.seal(aead.mac(keys.secret("audit"), use), content, context)


def unseal(keys: KeyProvider, use: str, box: bytes, context: bytes) -> bytes:
    """Open what was sealed under any generation that is left; raises aead.SealError."""
    for secret in keys.generations("audit").values():
        try:
            return aead.unseal(aead.mac(secret, use), box, context)
        except aead.SealError:
            continue
    raise aead.SealError("no generation of the audit secret opens this")


def sealed_anew(keys: KeyProvider, use: str, box: bytes, context: bytes) -> bytes | None:
    """Return the box under the newest generation, None when it is that already; raises aead.SealError."""
    try:
        aead.unseal(aead.mac(keys.secret("audit"), use), box, context)
    except aead.SealError:
        return seal(keys, use, unseal(keys, use, box, context), context)
    return None
