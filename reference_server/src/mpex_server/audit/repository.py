"""The log as a Merkle tree in the database (RFC 6962) with signed checkpoints (C2SP): reading side."""

from dataclasses import dataclass

from sqlalchemy import Connection, func, insert, select

from mpex_server.domain.checkpoint import Verifier
from mpex_server.domain.merkle import MerkleTree
from mpex_server.keys import KeyProvider
from mpex_server.settings import Settings
from mpex_server.storage import tables as t
from mpex_server.storage.prepared import Prepared

_NEW_NODE = Prepared(insert(t.log_node), "level", "idx", "hash")


@dataclass(frozen=True, slots=True)
class SignedHead:
    """The newest checkpoint: tree size and the signed note."""

    size: int
    note: str


class LogNodes:
    """Complete subtrees in the table `log_node`, only ever inserted into: by `store`, all at once."""

    def __init__(self, conn: Connection) -> None:
        self._conn = conn
        self._new: dict[tuple[int, int], bytes] = {}

    def get(self, level: int, index: int) -> bytes:
        """Return a node; raises NoResultFound when the tree is smaller."""
        if (level, index) in self._new:
            return self._new[level, index]
        table = t.log_node
        statement = select(table.c.hash).where(table.c.level == level, table.c.idx == index)
        return bytes(self._conn.execute(statement).scalar_one())

    def put(self, level: int, index: int, node: bytes) -> None:
        """Keep a node for `store`."""
        self._new[level, index] = node

    def store(self) -> None:
        """Insert what was put."""
        rows = [{"level": level, "idx": index, "hash": node} for (level, index), node in self._new.items()]
        _NEW_NODE.change_all(self._conn, rows)
        self._new.clear()


def origin(settings: Settings) -> str:
    """Return the origin line of the checkpoints: the node's permanent identifier."""
    return f"mpex/{settings.node_id}"


def verifier(settings: Settings, keys: KeyProvider) -> Verifier:
    """Return the key under which checkpoints are signed, as the metadata publish it."""
    return Verifier(origin(settings), keys.log_public_key())


def head(conn: Connection) -> SignedHead | None:
    """Return the newest checkpoint, or None before the first."""
    table = t.checkpoint
    row = conn.execute(
        select(table.c.size, table.c.note).order_by(table.c.size.desc()).limit(1)
    ).one_or_none()
    return None if row is None else SignedHead(row.size, row.note)


def tree(conn: Connection, nodes: LogNodes | None = None) -> MerkleTree:
    """Return the tree over all sequenced entries; who appends to it stores its `nodes`."""
    size = conn.scalar(select(func.max(t.audit_leaf.c.position)))
    return MerkleTree(nodes or LogNodes(conn), 0 if size is None else size + 1)


def position_of(conn: Connection, leaf_id: str) -> int | None:
    """Return the place of an entry in the log, None while it waits or when it is unknown."""
    return conn.scalar(select(t.audit_leaf.c.position).where(t.audit_leaf.c.id == leaf_id))


def entries(conn: Connection, first: int, limit: int) -> list[bytes]:
    """Return the bytes of up to `limit` entries from position `first`, in log order."""
    table = t.audit_leaf
    statement = select(table.c.body).where(table.c.position >= first).order_by(table.c.position).limit(limit)
    return [bytes(body) for body in conn.scalars(statement)]
