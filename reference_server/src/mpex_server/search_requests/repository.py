"""Wrong recovery codes of each client, counted for an hour (ENQ-003)."""

from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, func, insert, select

from mpex_server.kit.clock import instant
from mpex_server.kit.ids import new_id
from mpex_server.storage import tables as t
from mpex_server.storage.engine import one_at_a_time

WINDOW = timedelta(hours=1)
_ROW = t.wrong_code.c


def wrong_codes(conn: Connection, client_id: str, now: datetime) -> int:
    """Return how many wrong codes a client has sent within the hour; two requests at once count in turn."""
    one_at_a_time(conn, f"recovery {client_id}")
    conn.execute(delete(t.wrong_code).where(_ROW.at <= instant(now - WINDOW)))
    counted = select(func.count()).select_from(t.wrong_code).where(_ROW.client_id == client_id)
    return conn.scalar(counted) or 0


def add_wrong_code(conn: Connection, client_id: str, now: datetime) -> None:
    """Count one wrong code."""
    row = {"id": new_id("attempt"), "client_id": client_id, "at": instant(now)}
    conn.execute(insert(t.wrong_code).values(row))
