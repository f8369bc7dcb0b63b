"""What must hold of the log: entries in one order without a gap, the tree over them, signed checkpoints."""

from collections import defaultdict, deque
from collections.abc import Iterator
from typing import Any

import orjson
from sqlalchemy import func, select

from mpex_server.audit import repository as log
from mpex_server.disclosures.work import Work
from mpex_server.domain.checkpoint import NoteError, open_checkpoint
from mpex_server.domain.merkle import MerkleTree, leaf_hash
from mpex_server.storage import tables as t
from mpex_server.storage.engine import streamed

_BATCH = 500
_LEAF, _NODE, _CHECKPOINT = t.audit_leaf.c, t.log_node.c, t.checkpoint.c


class _Compared:
    """A store that remembers the two nodes of a level that a growing tree asks for, and compares all."""

    def __init__(self, work: Work) -> None:
        self._work = work
        self._newest: defaultdict[int, deque[tuple[int, bytes]]] = defaultdict(lambda: deque(maxlen=2))
        self._made: dict[tuple[int, int], bytes] = {}
        self.count = 0
        self.differing: list[str] = []

    def get(self, level: int, index: int) -> bytes:
        """Return one of the two newest nodes of a level."""
        return next(node for place, node in self._newest[level] if place == index)

    def put(self, level: int, index: int, node: bytes) -> None:
        """Remember a node, and compare it when enough have come together."""
        self._newest[level].append((index, node))
        self._made[level, index] = node
        self.count += 1
        if len(self._made) >= _BATCH:
            self.compare()

    def compare(self) -> None:
        """Compare what was put since the last time with the table."""
        for level in {level for level, _ in self._made}:
            made = {index: node for (at, index), node in self._made.items() if at == level}
            rows = select(_NODE.idx, _NODE.hash).where(_NODE.level == level, _NODE.idx.in_(made))
            stored = {index: bytes(node) for index, node in self._work.conn.execute(rows)}
            wrong = (index for index, node in made.items() if stored.get(index) != node)
            self.differing += [f"node {level}/{index}" for index in sorted(wrong)]
        self._made.clear()


def altered_entries(work: Work) -> Iterator[str]:
    """Yield entries whose bytes are no entry, or name another leaf or instant than their row."""
    for row in streamed(work.conn, select(_LEAF.id, _LEAF.at, _LEAF.body)):
        entry = _entry(row.body)
        if (entry.get("leaf"), entry.get("at")) != (row.id, row.at):
            yield row.id


def broken_tree(work: Work) -> Iterator[str]:
    """Yield gaps in the order of entries, nodes that differ from the entries, and unsound checkpoints."""
    heads = {row.size: row for row in work.conn.execute(select(t.checkpoint).order_by(_CHECKPOINT.size))}
    nodes = _Compared(work)
    tree = MerkleTree(nodes)
    placed = select(_LEAF.position, _LEAF.body).where(_LEAF.position.is_not(None)).order_by(_LEAF.position)
    for place, body in streamed(work.conn, placed):
        if place != tree.size:
            yield f"entry {tree.size}"
            return
        tree.append(leaf_hash(bytes(body)))
        head = heads.pop(tree.size, None)
        if head is not None and not _is_signed(work, head, tree.root()):
            yield f"checkpoint {tree.size}"
    nodes.compare()
    yield from nodes.differing
    yield from (f"checkpoint {size}" for size in heads)
    stored = work.conn.scalar(select(func.count()).select_from(t.log_node))
    if not nodes.differing and stored != nodes.count:
        yield "nodes beyond the last entry"
    newest = log.head(work.conn)
    if tree.size != (newest.size if newest else 0):
        yield f"no checkpoint of size {tree.size}"


def _is_signed(work: Work, head: Any, root: bytes) -> bool:
    try:
        signed = open_checkpoint(head.note, log.verifier(work.settings, work.keys))
    except NoteError:
        return False
    return (signed.size, signed.root, bytes(head.root)) == (head.size, root, root)


def _entry(body: bytes) -> dict[str, Any]:
    try:
        entry = orjson.loads(body)
    except orjson.JSONDecodeError:
        return {}
    return entry if isinstance(entry, dict) else {}
