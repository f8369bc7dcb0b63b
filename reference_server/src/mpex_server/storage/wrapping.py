"""Under which key-encryption key each record key is wrapped, and wrapping them anew."""

from sqlalchemy import Connection, func, select, update

from mpex_server.keys import KeyProvider
from mpex_server.storage import tables as t

_ROW = t.document_key.c


def counts(conn: Connection) -> dict[str, int]:
    """Return how many documents need each key-encryption key."""
    rows = conn.execute(select(_ROW.kek_id, func.count()).group_by(_ROW.kek_id).order_by(_ROW.kek_id))
    return {row[0]: row[1] for row in rows}


def rewrap(conn: Connection, keys: KeyProvider, limit: int) -> int:
    """Wrap up to `limit` record keys under the current key and return how many; 0 when none is left.

    Bodies stay as they are. Raises aead.SealError or KeyError when a key does not open.
    """
    current = keys.current()
    older = select(t.document_key).where(_ROW.kek_id != current).order_by(_ROW.document_id).limit(limit)
    rows = conn.execute(older.with_for_update(skip_locked=True)).all()
    for row in rows:
        context = row.document_id.encode()
        wrapped = keys.wrap(keys.unwrap(row.kek_id, row.wrapped, context), context)
        same = update(t.document_key).where(_ROW.document_id == row.document_id)
        conn.execute(same.values(kek_id=current, wrapped=wrapped))
    return len(rows)
