"""Idempotency-Key, per client and operation, for 24 hours (WIRE-006 to -008).

Kept are key, MAC of the canonical body, status and identifier of what was made, never the reply. The row is
claimed before the handler runs, so that of two simultaneous requests the second waits and replays.
"""

import hmac
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import Connection, bindparam, delete, select, update

from mpex_server.errors import Problem
from mpex_server.http.call import Reply
from mpex_server.http.context import Context
from mpex_server.http.errand import Errand
from mpex_server.kit import aead, strict_json
from mpex_server.kit.clock import instant
from mpex_server.storage import tables as t
from mpex_server.storage.engine import insert_new
from mpex_server.storage.prepared import Prepared

KEPT = timedelta(hours=24)
_ROW = t.idempotency.c
_PLACE = (
    (_ROW.client_id == bindparam("client_id"))
    & (_ROW.operation == bindparam("operation"))
    & (_ROW.key == bindparam("key"))
)
_EARLIER = Prepared(select(_ROW.body_mac, _ROW.status, _ROW.document_id).where(_PLACE))
_SETTLE = Prepared(
    update(t.idempotency).where(_PLACE).values(status=bindparam("made"), document_id=bindparam("made_id"))
)
_FORGET = Prepared(delete(t.idempotency).where(_ROW.expires < bindparam("now")))


@dataclass(frozen=True, slots=True)
class Earlier:
    """What the first request with this key made."""

    status: int
    document_id: str


def claim(context: Context, key: str) -> Earlier | None:
    """Claim the key for this request, or return what the first one made; raises Problem for another body."""
    conn, now = context.conn, context.now()
    mac = aead.mac(context.keys.secret("idempotency"), strict_json.canonical([context.path, context.body]))
    forget_expired(conn, instant(now))
    place = _place(context, key)
    if insert_new(conn, t.idempotency, **place, body_mac=mac, expires=instant(now + KEPT)):
        return None
    ((before, status, document_id),) = _EARLIER.all(conn, **place)
    if not hmac.compare_digest(before, mac):
        raise Problem("idempotencyKeyReused")
    return Earlier(status, document_id)


def settle(context: Context, key: str, reply: Reply | Errand) -> None:
    """Remember what the claimed request made."""
    if reply.document_id is None:
        raise RuntimeError(f"{context.call.operation.operation_id} replied without document_id")
    _SETTLE.change(context.conn, **_place(context, key), made=reply.status, made_id=reply.document_id)


def forget_expired(conn: Connection, now: str) -> None:
    """Remove rows older than 24 hours."""
    _FORGET.change(conn, now=now)


def _place(context: Context, key: str) -> dict[str, str]:
    operation = context.call.operation.operation_id
    return {"client_id": context.principal.client_id, "operation": operation, "key": key}
