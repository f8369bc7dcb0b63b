"""Checks of a node's transparency log that need nothing of the node: RFC 6962 proofs, C2SP checkpoints.

Hashes are 32 bytes. Every function raises VerificationError when something does not hold.
"""

import base64
import binascii
import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import reduce

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from mpex_client._errors import VerificationError

__all__ = [
    "Checkpoint",
    "leaf_hash",
    "open_checkpoint",
    "proof_hashes",
    "tree_root",
    "verify_consistency",
    "verify_inclusion",
]

_ED25519 = b"\x01"
_HASH_BYTES = 32
_DASH = "\u2014 "


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What a log committed to: its origin, number of leaves and root hash."""

    origin: str
    size: int
    root: bytes


def leaf_hash(leaf: bytes) -> bytes:
    """Return the hash of a leaf (RFC 6962 §2.1)."""
    return hashlib.sha256(b"\x00" + leaf).digest()


def tree_root(leaf_hashes: Iterable[bytes]) -> bytes:
    """Return the root of a tree, holding one hash per level at a time."""
    complete: list[bytes] = []  # roots of complete subtrees, largest first, as the bits of the size
    for size, node in enumerate(leaf_hashes):
        carried, bits = node, size
        while bits & 1:
            carried, bits = _parent(complete.pop(), carried), bits >> 1
        complete.append(carried)
    if not complete:
        return hashlib.sha256(b"").digest()
    return reduce(lambda right, left: _parent(left, right), reversed(complete))


def open_checkpoint(note: str, verifier_key: str) -> Checkpoint:
    """Verify a signed note by the key that the node publishes (`log.key`) and return what it says."""
    name, key_id, public = _verifier(verifier_key)
    body, separator, signatures = note.rpartition("\n\n")
    text = f"{body}\n"
    if not separator or not any(
        _signed_by(line, name, key_id, public, text.encode()) for line in signatures.splitlines()
    ):
        raise VerificationError("the checkpoint has no valid signature of the log's key")
    lines = body.split("\n")
    if len(lines) < 3 or lines[0] != name or not (lines[1].isascii() and lines[1].isdigit()):
        raise VerificationError("the checkpoint is not one of this log")
    return Checkpoint(lines[0], int(lines[1]), _base64(lines[2]))


def proof_hashes(encoded: Sequence[str]) -> list[bytes]:
    """Return the hashes of a proof (`hashes` of the schema log-proof)."""
    return [_base64(text) for text in encoded]


def verify_inclusion(leaf: bytes, index: int, proof: Sequence[bytes], checkpoint: Checkpoint) -> None:
    """Check that the leaf with hash `leaf` is at `index` (RFC 9162 §2.1.3.2)."""
    if not 0 <= index < checkpoint.size or len(leaf) != _HASH_BYTES:
        raise VerificationError("the tree has no such leaf at this index")
    node, position, last = leaf, index, checkpoint.size - 1
    for sibling in proof:
        if last == 0:
            raise VerificationError("the inclusion proof is too long")
        if position & 1 or position == last:
            node = _parent(sibling, node)
            while not position & 1 and position:
                position, last = position >> 1, last >> 1
        else:
            node = _parent(node, sibling)
        position, last = position >> 1, last >> 1
    if last or node != checkpoint.root:
        raise VerificationError("the inclusion proof does not lead to the root")


def verify_consistency(older: Checkpoint, newer: Checkpoint, proof: Sequence[bytes]) -> None:
    """Check that the newer tree begins with the older one: nothing was changed (RFC 9162 §2.1.4.2)."""
    if older.origin != newer.origin or older.size > newer.size:
        raise VerificationError("the log has become shorter, or is another one")
    if not older.size:
        raise VerificationError("an empty tree proves nothing about a later one")
    if older.size == newer.size:
        if proof or older.root != newer.root:
            raise VerificationError("two different trees of one size")
        return
    hashes = list(proof) if older.size & (older.size - 1) else [older.root, *proof]
    position, last = older.size - 1, newer.size - 1
    while position & 1:
        position, last = position >> 1, last >> 1
    if not hashes:
        raise VerificationError("the consistency proof is too short")
    old = new = hashes[0]
    for node in hashes[1:]:
        if last == 0:
            raise VerificationError("the consistency proof is too long")
        if position & 1 or position == last:
            old, new = _parent(node, old), _parent(node, new)
            while not position & 1 and position:
                position, last = position >> 1, last >> 1
        else:
            new = _parent(new, node)
        position, last = position >> 1, last >> 1
    if last or old != older.root or new != newer.root:
        raise VerificationError("the newer log does not contain the older one")


def _parent(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def _verifier(text: str) -> tuple[str, bytes, Ed25519PublicKey]:
    name, _, rest = text.partition("+")
    key_id, _, encoded = rest.partition("+")
    material = _base64(encoded, size=33)
    expected = hashlib.sha256(name.encode() + b"\n" + material).digest()[:4]
    if material[:1] != _ED25519 or expected.hex() != key_id:
        raise VerificationError("the log's key is not a verifier key for Ed25519")
    return name, expected, Ed25519PublicKey.from_public_bytes(material[1:])


def _signed_by(line: str, name: str, key_id: bytes, public: Ed25519PublicKey, text: bytes) -> bool:
    if not line.startswith(f"{_DASH}{name} "):
        return False
    try:
        signature = base64.b64decode(line.rpartition(" ")[2], validate=True)
        if signature[:4] != key_id:
            return False
        public.verify(signature[4:], text)
    except (binascii.Error, InvalidSignature):
        return False
    return True


def _base64(text: str, size: int = _HASH_BYTES) -> bytes:
    try:
        data = base64.b64decode(text, validate=True)
    except (ValueError, binascii.Error):
        raise VerificationError("a hash or key is not base64") from None
    if len(data) != size:
        raise VerificationError("a hash or key has the wrong length")
    return data
