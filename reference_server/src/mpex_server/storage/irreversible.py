"""What a restored backup must not undo: erasures, ended access, and what puts older versions out of use.

A row waits here, written with the act, until the sequencer has put it into the node's journal.
"""

from typing import Any

from sqlalchemy import Connection, delete, insert, select

from mpex_server.storage import tables as t

_ROW = t.irreversible.c


def note(conn: Connection, document_id: str, version: int, *, erased: bool, at: str) -> None:
    """Note that no version up to this one may come back: as erased, or as something that is out of use.

    Of a client or partner, which has no versions, the access may not come back that it had before.
    """
    row = {"document_id": document_id, "version": version, "erased": erased, "at": at}
    conn.execute(insert(t.irreversible), row)


def waiting(conn: Connection, limit: int) -> list[Any]:
    """Return up to `limit` rows, oldest first."""
    return list(conn.execute(select(t.irreversible).order_by(_ROW.serial).limit(limit)))


def forget(conn: Connection, serials: list[int]) -> None:
    """Forget rows that are in the journal."""
    conn.execute(delete(t.irreversible).where(_ROW.serial.in_(serials)))
