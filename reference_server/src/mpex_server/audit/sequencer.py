"""The one writer of the log: gives waiting entries their positions, grows the tree, signs a checkpoint.

Every process runs it; a lock elects one at a time: on PostgreSQL a transaction-level advisory lock, on SQLite
the write lock of BEGIN IMMEDIATE.
"""

from pathlib import Path

from sqlalchemy import bindparam, insert, select, update

from mpex_server.audit import journal
from mpex_server.audit import repository as log
from mpex_server.disclosures.work import OwnWork, Work
from mpex_server.domain import checkpoint
from mpex_server.domain.merkle import leaf_hash
from mpex_server.kit.clock import instant
from mpex_server.node import Node
from mpex_server.storage import irreversible
from mpex_server.storage import tables as t
from mpex_server.storage.engine import is_first, transaction
from mpex_server.storage.prepared import Prepared

BATCH = 1000
_PLACED = Prepared(
    update(t.audit_leaf).where(t.audit_leaf.c.serial == bindparam("leaf")).values(position=bindparam("place"))
)


def sequence(node: Node) -> int:
    """Merge up to 1,000 waiting entries and return how many; 0 also when another process holds the lock."""
    with transaction(node.engine) as conn:
        return place(OwnWork(conn, node.keys, node.clock, node.settings))


def place(work: OwnWork) -> int:
    """Merge waiting entries in the transaction of their acts, so that nothing is seen that the log lacks."""
    if not is_first(work.conn, "sequencer"):
        return 0
    table = t.audit_leaf
    waiting = work.conn.execute(
        select(table.c.serial, table.c.body)
        .where(table.c.position.is_(None))
        .order_by(table.c.serial)
        .limit(BATCH)
    ).all()
    placed = merge(work, [(row.serial, bytes(row.body)) for row in waiting]) if waiting else []
    if work.settings.journal_file is not None:
        _journal(work, work.settings.journal_file, placed)
    return len(waiting)


def merge(work: Work, waiting: list[tuple[int, bytes]]) -> list[tuple[int, bytes]]:
    """Place waiting entries (serial, bytes) in this order, sign, and return them as (position, bytes)."""
    conn, nodes = work.conn, log.LogNodes(work.conn)
    tree = log.tree(conn, nodes)
    placed = [(tree.append(leaf_hash(body)), body) for _, body in waiting]
    rows = zip(waiting, placed, strict=True)
    _PLACED.change_all(conn, [{"leaf": serial, "place": place} for (serial, _), (place, _) in rows])
    nodes.store()
    root = tree.root()
    text = checkpoint.Checkpoint(log.origin(work.settings), tree.size, root).text
    note = checkpoint.sign(text, log.verifier(work.settings, work.keys), work.keys.sign_log)
    at = instant(work.now())
    conn.execute(insert(t.checkpoint).values(size=tree.size, root=root, note=note, at=at))
    return placed


def _journal(work: Work, file: Path, placed: list[tuple[int, bytes]]) -> None:
    """Put entries and what must not come back into the journal, before anybody sees the checkpoint."""
    rows = irreversible.waiting(work.conn, BATCH)
    ended = [{"id": r.document_id, "version": r.version, "erased": r.erased, "at": r.at} for r in rows]
    journal.append(file, work.keys, [*(journal.entry(*one) for one in placed), *ended])
    irreversible.forget(work.conn, [row.serial for row in rows])
