"""The log of the fake node: one entry per request, signed checkpoints, proofs."""

import base64
import hashlib
import json
from collections.abc import Sequence
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from mpex_client.ids import new_id
from mpex_client.log_proof import leaf_hash, tree_root

__all__ = ["FakeLog"]


class FakeLog:
    """An RFC 6962 log in memory."""

    def __init__(self, origin: str) -> None:
        self.origin = origin
        self.entries: list[dict[str, Any]] = []
        self._key = Ed25519PrivateKey.generate()
        material = b"\x01" + self._key.public_key().public_bytes_raw()
        self._key_id = hashlib.sha256(origin.encode() + b"\n" + material).digest()[:4]
        self.verifier_key = f"{origin}+{self._key_id.hex()}+{_text(material)}"

    def add(self, event: str, actor: str, at: str) -> None:
        """Write one entry."""
        self.entries.append(
            {"v": 1, "leaf": new_id("leaf"), "at": at, "event": event, "actor": actor, "outcome": "done"}
        )

    def checkpoint(self) -> str:
        """Return a signed checkpoint of all entries."""
        hashes = self._hashes()
        text = f"{self.origin}\n{len(hashes)}\n{_text(tree_root(hashes))}\n"
        signature = _text(self._key_id + self._key.sign(text.encode()))
        return f"{text}\n\u2014 {self.origin} {signature}\n"

    def inclusion(self, leaf: str, size: int | None) -> dict[str, Any] | None:
        """Return the proof of a leaf, or None when the tree does not have it."""
        hashes = self._hashes()[:size]
        index = next((i for i, entry in enumerate(self.entries) if entry["leaf"] == leaf), len(hashes))
        if index >= len(hashes):
            return None
        path = [_text(node) for node in _path(index, hashes)]
        return {"leaf": leaf, "index": index, "size": len(hashes), "hashes": path}

    def consistency(self, smaller: int, larger: int) -> dict[str, Any]:
        """Return the proof that the larger tree begins with the smaller one."""
        hashes = self._hashes()[:larger]
        proof = _subproof(smaller, hashes, whole=True) if 0 < smaller < larger else []
        return {"from": smaller, "size": larger, "hashes": [_text(node) for node in proof]}

    def _hashes(self) -> list[bytes]:
        return [leaf_hash(canonical(entry)) for entry in self.entries]


def canonical(entry: dict[str, Any]) -> bytes:
    """Return the bytes of a leaf: RFC 8785 canonical JSON, which for these values is sorted and compact."""
    return json.dumps(entry, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def _split(count: int) -> int:
    return 1 << (count - 1).bit_length() - 1


def _path(index: int, hashes: Sequence[bytes]) -> list[bytes]:
    if len(hashes) <= 1:
        return []
    middle = _split(len(hashes))
    if index < middle:
        return [*_path(index, hashes[:middle]), tree_root(hashes[middle:])]
    return [*_path(index - middle, hashes[middle:]), tree_root(hashes[:middle])]


def _subproof(size: int, hashes: Sequence[bytes], *, whole: bool) -> list[bytes]:
    if size == len(hashes):
        return [] if whole else [tree_root(hashes)]
    middle = _split(len(hashes))
    if size <= middle:
        return [*_subproof(size, hashes[:middle], whole=whole), tree_root(hashes[middle:])]
    return [*_subproof(size - middle, hashes[middle:], whole=False), tree_root(hashes[:middle])]


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode()
