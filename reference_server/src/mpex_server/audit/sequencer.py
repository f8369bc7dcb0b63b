"""The one writer of the log: gives waiting entries their positions, grows the tree, signs a checkpoint.

Every process runs it; a lock elects one at a time: on PostgreSQL a transaction-level advisory lock, on SQLite
the write lock of BEGIN IMMEDIATE.
"""

from sqlalchemy import Connection, bindparam, func, insert, select, update

from mpex_server.audit import repository as log
from mpex_server.domain import checkpoint
from mpex_server.domain.merkle import leaf_hash
from mpex_server.kit.clock import instant
from mpex_server.node import Node
from mpex_server.storage import tables as t
from mpex_server.storage.engine import is_sqlite, transaction

BATCH = 1000
_LOCK = 0x6D706578  # "mpex"
_PLACED = (
    update(t.audit_leaf).where(t.audit_leaf.c.serial == bindparam("leaf")).values(position=bindparam("place"))
)


def sequence(node: Node) -> int:
    """Merge up to 1,000 waiting entries and return how many; 0 also when another process holds the lock."""
    with transaction(node.engine) as conn:
        if not is_sqlite(conn) and not conn.scalar(select(func.pg_try_advisory_xact_lock(_LOCK))):
            return 0
        table = t.audit_leaf
        waiting = conn.execute(
            select(table.c.serial, table.c.body)
            .where(table.c.position.is_(None))
            .order_by(table.c.serial)
            .limit(BATCH)
        ).all()
        if waiting:
            _merge(node, conn, [(row.serial, bytes(row.body)) for row in waiting])
        return len(waiting)


def _merge(node: Node, conn: Connection, waiting: list[tuple[int, bytes]]) -> None:
    nodes = log.LogNodes(conn)
    tree = log.tree(conn, nodes)
    conn.execute(
        _PLACED, [{"leaf": serial, "place": tree.append(leaf_hash(body))} for serial, body in waiting]
    )
    nodes.store()
    root = tree.root()
    text = checkpoint.Checkpoint(log.origin(node.settings), tree.size, root).text
    note = checkpoint.sign(text, log.verifier(node.settings, node.keys), node.keys.sign_log)
    at = instant(node.clock.now())
    conn.execute(insert(t.checkpoint).values(size=tree.size, root=root, note=note, at=at))
