"""Sealing anew, under the newest audit secret, what waits in the database for a while: tasks and events."""

from sqlalchemy import Table, select, update

from mpex_server.disclosures.work import Work
from mpex_server.keys import sealing
from mpex_server.recalls import outbox
from mpex_server.storage import tables as t
from mpex_server.tasks import repository as tasks

_SEALED = ((t.task, tasks.USE), (t.outbox, outbox.USE))


def reseal(work: Work, limit: int) -> int:
    """Seal up to `limit` tasks or events of older generations anew; return how many, 0 when none is left.

    Raises aead.SealError when one does not open under any generation.
    """
    for table, use in _SEALED:
        if done := _sealed_anew(work, table, use, limit):
            return done
    return 0


def _sealed_anew(work: Work, table: Table, use: str, limit: int) -> int:
    done, row = 0, table.c
    filled = select(row.id, row.body).where(row.body.is_not(None), row.body != b"").order_by(row.id)
    for name, body in work.conn.execute(filled).all():
        box = sealing.sealed_anew(work.keys, use, bytes(body), name.encode())
        if box is not None and done < limit:
            # Whoever has changed it meanwhile has sealed it anew.
            same = update(table).where(row.id == name, row.body == body)
            done += work.conn.execute(same.values(body=box)).rowcount
    return done
