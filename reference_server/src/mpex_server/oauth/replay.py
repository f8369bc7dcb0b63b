"""One-time values (identifiers of assertions and proofs) in the database: every process refuses a replay."""

import hashlib

from sqlalchemy import Connection, bindparam, delete

from mpex_server.storage import tables as t
from mpex_server.storage.engine import insert_new
from mpex_server.storage.prepared import Prepared

_EXPIRED = Prepared(delete(t.replay).where(t.replay.c.expires < bindparam("now")))


def first_use(conn: Connection, *parts: str, expires: int) -> bool:
    """Record a value until `expires` (seconds of the epoch); return False when it was recorded before."""
    value = hashlib.sha256("\x00".join(parts).encode()).digest()
    return insert_new(conn, t.replay, value=value, expires=expires)


def forget_expired(conn: Connection, now: int) -> None:
    """Remove values whose token or proof would be refused by its age anyway."""
    _EXPIRED.change(conn, now=now)
