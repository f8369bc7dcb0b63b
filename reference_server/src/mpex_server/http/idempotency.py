"""Idempotency-Key, per client and operation, for 24 hours (WIRE-006 to -008).

Kept are key, MAC of the canonical body, status and identifier of what was made, never the reply. The row is
claimed before the handler runs, so that of two simultaneous requests the second waits and replays.
"""

import hmac
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import Connection, delete, select, update

from mpex_server.errors import Problem
from mpex_server.http.call import Reply
from mpex_server.http.context import Context
from mpex_server.http.errand import Errand
from mpex_server.kit import aead, strict_json
from mpex_server.kit.clock import instant
from mpex_server.storage import tables as t
from mpex_server.storage.engine import insert_new

KEPT = timedelta(hours=24)
_ROW = t.idempotency.c


@dataclass(frozen=True, slots=True)
class Earlier:
    """What the first request with this key made."""

    status: int
    document_id: str


def claim(context: Context, key: str) -> Earlier | None:
    """Claim the key for this request, or return what the first one made; raises Problem for another body."""
    conn, now = context.conn, context.now()
    place = {
        "client_id": context.principal.client_id,
        "operation": context.call.operation.operation_id,
        "key": key,
    }
    mac = aead.mac(context.keys.secret("idempotency"), strict_json.canonical([context.path, context.body]))
    forget_expired(conn, instant(now))
    if insert_new(conn, t.idempotency, **place, body_mac=mac, expires=instant(now + KEPT)):
        return None
    row = conn.execute(select(t.idempotency).filter_by(**place)).one()
    if not hmac.compare_digest(row.body_mac, mac):
        raise Problem("idempotencyKeyReused")
    return Earlier(row.status, row.document_id)


def settle(context: Context, key: str, reply: Reply | Errand) -> None:
    """Remember what the claimed request made."""
    if reply.document_id is None:
        raise RuntimeError(f"{context.call.operation.operation_id} replied without document_id")
    conn = context.conn
    conn.execute(
        update(t.idempotency)
        .where(
            _ROW.client_id == context.principal.client_id,
            _ROW.operation == context.call.operation.operation_id,
            _ROW.key == key,
        )
        .values(status=reply.status, document_id=reply.document_id)
    )


def forget_expired(conn: Connection, now: str) -> None:
    """Remove rows older than 24 hours."""
    conn.execute(delete(t.idempotency).where(_ROW.expires < now))
