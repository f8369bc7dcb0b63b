"""What the node has read of the logs of its superiors, and keeps from look to look."""

from typing import Any

import orjson
from sqlalchemy import Connection, delete, insert, select, update

from mpex_server.domain.merkle import HASH_BYTES
from mpex_server.federation import logs
from mpex_server.federation.faults import TrustError
from mpex_server.federation.logs import Followed, Reading, Standing
from mpex_server.federation.statements import Fetch
from mpex_server.federation.watch import Watch
from mpex_server.storage import tables as t

Json = dict[str, Any]
_LOG, _DECISION = t.followed_log.c, t.log_decision.c


def watch(conn: Connection, fetch: Fetch) -> Watch:
    """Return the watch over logs that goes on where they were read before."""
    return Watch(known(conn), standing(conn), _frozen(conn), fetch)


def known(conn: Connection) -> dict[str, Followed]:
    """Return by entity how far each log was read."""
    rows = conn.execute(select(_LOG.entity, _LOG.key, _LOG.size, _LOG.note, _LOG.subtrees))
    return {entity: Followed(key, size, note, _split(subtrees)) for entity, key, size, note, subtrees in rows}


def _frozen(conn: Connection) -> dict[str, TrustError]:
    """Return by entity why its word is frozen, until its log continues."""
    rows = conn.execute(select(_LOG.entity, _LOG.fault).where(_LOG.fault.is_not(None)))
    return {entity: TrustError("logForked", entity, detail) for entity, detail in rows}


def standing(conn: Connection) -> dict[str, Standing]:
    """Return by entity what the log of each shows to stand, as far as it was read."""
    found: dict[str, Standing] = {}
    rows = select(_DECISION.log, _DECISION.body).order_by(_DECISION.log, _DECISION.position)
    for log, body in conn.execute(rows):
        logs.stand(found.setdefault(log, {}), (orjson.loads(body),))
    return found


def keep(conn: Connection, entity: str, reading: Reading) -> None:
    """Keep how far a log was read, and what was decided in what is new of it."""
    log = reading.followed
    row = {"key": log.key, "size": log.size, "note": log.note, "subtrees": b"".join(log.subtrees)}
    if conn.execute(update(t.followed_log).where(_LOG.entity == entity).values(row)).rowcount == 0:
        conn.execute(insert(t.followed_log), {"entity": entity, **row})
    rows = [
        {"log": entity, "position": position, "body": orjson.dumps(entry).decode()}
        for position, entry in reading.entries.items()
    ]
    if rows:
        conn.execute(insert(t.log_decision), rows)


def blame(conn: Connection, entity: str, fault: str | None) -> bool:
    """Keep what is wrong with a log, None for nothing; return whether that is news."""
    news = _LOG.fault.is_not(None) if fault is None else _LOG.fault.is_(None)
    change = update(t.followed_log).where(_LOG.entity == entity, news).values(fault=fault)
    return conn.execute(change).rowcount == 1


def fault(conn: Connection, entity: str) -> str | None:
    """Return what is wrong with a log as it was read last; None for nothing, or for no log."""
    return conn.scalar(select(_LOG.fault).where(_LOG.entity == entity))


def begin_again(conn: Connection, entity: str, key: str) -> None:
    """Read a log from its beginning, by the key that it has now, whatever was read of it before."""
    conn.execute(delete(t.log_decision).where(_DECISION.log == entity))
    new = {"key": key, "size": 0, "note": "", "subtrees": b"", "fault": None}
    conn.execute(update(t.followed_log).where(_LOG.entity == entity).values(new))


def decisions(conn: Connection, entity: str, *, since: int = 0) -> dict[int, Json]:
    """Return by position what was decided, from a position on."""
    wanted = select(_DECISION.position, _DECISION.body).where(
        _DECISION.log == entity, _DECISION.position >= since
    )
    return {
        position: orjson.loads(body) for position, body in conn.execute(wanted.order_by(_DECISION.position))
    }


def _split(subtrees: bytes) -> tuple[bytes, ...]:
    return tuple(subtrees[at : at + HASH_BYTES] for at in range(0, len(subtrees), HASH_BYTES))
