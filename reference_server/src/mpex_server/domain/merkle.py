"""RFC 6962 Merkle tree: append, roots, and proofs, over any store of complete subtrees.

Only complete subtrees are stored, at `(level, index)` where `(0, i)` is the hash of leaf `i`; nodes are
written once and never change, so an insert-only table suffices. All reads are O(log n).
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable, Iterator, Sequence
from typing import Protocol

HASH_BYTES = 32
EMPTY_ROOT = hashlib.sha256(b"").digest()


class NodeStore(Protocol):
    """Where complete subtrees live; `get` of a node that was put must return the same 32 bytes."""

    def get(self, level: int, index: int) -> bytes:
        """Return the node."""
        ...

    def put(self, level: int, index: int, node: bytes) -> None:
        """Keep the node, once."""
        ...


class MemoryNodes:
    """A node store in memory, for tests, verification tools and small logs."""

    def __init__(self, size: int = 0, subtrees: Iterable[bytes] = ()) -> None:
        """Begin with a tree of `size` leaves, of which only its `subtrees` are known."""
        self._nodes = dict(zip(_whole(size), subtrees, strict=True))

    def get(self, level: int, index: int) -> bytes:
        """Return the node; KeyError when it was never put."""
        return self._nodes[level, index]

    def put(self, level: int, index: int, node: bytes) -> None:
        """Keep the node."""
        self._nodes[level, index] = node


def leaf_hash(entry: bytes) -> bytes:
    """Return the hash of an entry as a leaf (RFC 6962 section 2.1)."""
    return hashlib.sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash of an inner node (RFC 6962 section 2.1)."""
    return hashlib.sha256(b"\x01" + left + right).digest()


class MerkleTree:
    """The tree of the first `size` leaves of a store; appending grows `size`."""

    def __init__(self, store: NodeStore, size: int = 0) -> None:
        self._store = store
        self.size = size

    def append(self, leaf: bytes) -> int:
        """Add a leaf hash, complete every subtree that it closes, and return its index."""
        index = position = self.size
        level, node = 0, leaf
        self._store.put(level, position, node)
        while position & 1:
            node = node_hash(self._store.get(level, position - 1), node)
            level, position = level + 1, position >> 1
            self._store.put(level, position, node)
        self.size += 1
        return index

    def extend(self, leaves: Iterable[bytes]) -> int:
        """Append leaf hashes in order and return the new size."""
        for leaf in leaves:
            self.append(leaf)
        return self.size

    def root(self, size: int | None = None) -> bytes:
        """Return the root of the first `size` leaves (all when None); ValueError beyond the tree."""
        size = self._checked(self.size if size is None else size)
        return self._subtree(0, size) if size else EMPTY_ROOT

    def inclusion_proof(self, index: int, size: int | None = None) -> list[bytes]:
        """Return the audit path of leaf `index` in the tree of `size` leaves (section 2.1.1)."""
        size = self._checked(self.size if size is None else size)
        if not 0 <= index < size:
            raise ValueError("the leaf is not in a tree of that size")
        path: list[bytes] = []
        low, high = 0, size
        while high - low > 1:
            middle = low + _split(high - low)
            if index < middle:
                path.append(self._subtree(middle, high))
                high = middle
            else:
                path.append(self._subtree(low, middle))
                low = middle
        return path[::-1]

    def consistency_proof(self, old: int, new: int | None = None) -> list[bytes]:
        """Return the proof that the tree of `old` leaves is a prefix of that of `new` (section 2.1.2)."""
        new = self._checked(self.size if new is None else new)
        if not 0 < old <= new:
            raise ValueError("the older tree must be neither empty nor larger than the newer one")
        path: list[bytes] = []
        low, high, whole = 0, new, True
        while old != high:
            middle = low + _split(high - low)
            if old <= middle:
                path.append(self._subtree(middle, high))
                high = middle
            else:
                path.append(self._subtree(low, middle))
                low, whole = middle, False
        return ([] if whole else [self._subtree(low, high)]) + path[::-1]

    def subtrees(self) -> tuple[bytes, ...]:
        """Return the complete subtrees of which the tree consists, the largest first: enough to append."""
        return tuple(self._store.get(*place) for place in _whole(self.size))

    def _checked(self, size: int) -> int:
        if not 0 <= size <= self.size:
            raise ValueError("the tree has no such size")
        return size

    def _subtree(self, low: int, high: int) -> bytes:
        width = high - low
        if width & (width - 1) == 0:
            level = width.bit_length() - 1
            return self._store.get(level, low >> level)
        middle = low + _split(width)
        return node_hash(self._subtree(low, middle), self._subtree(middle, high))


def verify_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> bool:
    """Tell whether `proof` shows the leaf hash at `index` under `root` (RFC 9162 section 2.1.3.2)."""
    if not 0 <= index < size or not _hashes(leaf, root, *proof):
        return False
    position, last, node = index, size - 1, leaf
    for sibling in proof:
        if last == 0:
            return False
        if position & 1 or position == last:
            node = node_hash(sibling, node)
            while position and not position & 1:
                position, last = position >> 1, last >> 1
        else:
            node = node_hash(node, sibling)
        position, last = position >> 1, last >> 1
    return last == 0 and hmac.compare_digest(node, root)


def verify_consistency(old: int, new: int, old_root: bytes, new_root: bytes, proof: Sequence[bytes]) -> bool:
    """Tell whether the tree of `old` leaves is a prefix of that of `new` (RFC 9162 section 2.1.4.2).

    An empty older tree proves nothing and is refused.
    """
    if not 0 < old <= new or not _hashes(*proof):
        return False
    if old == new:
        return not proof and hmac.compare_digest(old_root, new_root)
    nodes = list(proof) if old & (old - 1) else [old_root, *proof]
    if not nodes or not proof:
        return False
    position, last = old - 1, new - 1
    while position & 1:
        position, last = position >> 1, last >> 1
    old_node = new_node = nodes[0]
    for sibling in nodes[1:]:
        if last == 0:
            return False
        if position & 1 or position == last:
            old_node, new_node = node_hash(sibling, old_node), node_hash(sibling, new_node)
            while position and not position & 1:
                position, last = position >> 1, last >> 1
        else:
            new_node = node_hash(new_node, sibling)
        position, last = position >> 1, last >> 1
    return last == 0 and hmac.compare_digest(old_node, old_root) and hmac.compare_digest(new_node, new_root)


def _whole(size: int) -> Iterator[tuple[int, int]]:
    """Yield level and index of each complete subtree of a tree, the largest first."""
    for level in reversed(range(size.bit_length())):
        if size >> level & 1:
            yield level, (size >> level) - 1


def _hashes(*nodes: bytes) -> bool:
    """Tell whether all are as long as a SHA-256: a shorter "leaf" could otherwise stand for an inner node."""
    return all(len(node) == HASH_BYTES for node in nodes)


def _split(width: int) -> int:
    """Return the largest power of two smaller than `width` (the `k` of RFC 6962)."""
    return 1 << ((width - 1).bit_length() - 1)
