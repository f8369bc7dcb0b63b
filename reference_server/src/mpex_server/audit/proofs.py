"""What an outsider verifies of the log: its newest checkpoint, and proofs that belong to it (RFC 6962)."""

import base64
from typing import Any

from sqlalchemy import Connection

from mpex_server.audit import repository as log
from mpex_server.errors import Fault, Problem, not_found

Json = dict[str, Any]


def checkpoint(conn: Connection) -> str:
    """Return the newest checkpoint as a signed note; raises Problem `unavailable` before the first."""
    head = log.head(conn)
    if head is None:
        raise Problem("unavailable", "The log has no checkpoint yet.", headers={"Retry-After": "10"})
    return head.note


def inclusion(conn: Connection, leaf: str, size: int | None) -> Json:
    """Return the audit path of an entry in the tree of `size`, by default of the newest checkpoint."""
    size = _size(conn, _published(conn) if size is None else size)
    index = log.position_of(conn, leaf)
    if index is None or index >= size:
        raise not_found()
    path = log.tree(conn).inclusion_proof(index, size)
    return {"leaf": leaf, "index": index, "size": size, "hashes": _texts(path)}


def consistency(conn: Connection, old: int, new: int) -> Json:
    """Return the proof that the tree of `old` entries is a prefix of that of `new`."""
    _size(conn, new)
    if old > new:
        raise Problem("invalidParameter", faults=[Fault("from", "must not be larger than `to`")])
    # Every tree extends the empty one; there is nothing to prove.
    path = log.tree(conn).consistency_proof(old, new) if old else []
    return {"from": old, "size": new, "hashes": _texts(path)}


def _size(conn: Connection, size: int) -> int:
    if size > _published(conn):
        raise not_found()
    return size


def _published(conn: Connection) -> int:
    head = log.head(conn)
    return 0 if head is None else head.size


def _texts(path: list[bytes]) -> list[str]:
    return [base64.b64encode(node).decode() for node in path]
