"""What the node has read of the logs of its superiors, and keeps from look to look."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

import orjson
from sqlalchemy import ColumnElement, Connection, bindparam, delete, insert, select, update

from mpex_server.domain.merkle import HASH_BYTES
from mpex_server.federation import logs, marks
from mpex_server.federation.faults import TrustError
from mpex_server.federation.logs import Followed, Reading, Standing, Subject
from mpex_server.federation.statements import Fetch
from mpex_server.federation.watch import Watch
from mpex_server.kit.clock import instant
from mpex_server.storage import tables as t

LAST_ENDED = 1_000
"""Decisions of one log that stay to be read though nothing rests on them any more."""
Json = dict[str, Any]
_LOG, _DECISION = t.followed_log.c, t.log_decision.c
_DAY, _UNREACHED = timedelta(days=1), timedelta(days=30)
_FORGET = delete(t.log_decision).where(
    _DECISION.log == bindparam("log"), _DECISION.position == bindparam("at_position")
)


def watch(conn: Connection, fetch: Fetch) -> Watch:
    """Return the watch over logs that goes on where they were read before."""
    return Watch(known(conn), standing(conn), _frozen(conn), fetch)


def known(conn: Connection) -> dict[str, Followed]:
    """Return by entity how far each log was read."""
    rows = conn.execute(select(t.followed_log))
    return {
        row.entity: Followed(
            row.key,
            row.size,
            row.note,
            _split(row.subtrees),
            row.read_at if row.tried_at == row.read_at else None,
        )
        for row in rows
    }


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


def keep(conn: Connection, entity: str, before: Followed | None, reading: Reading, *, at: datetime) -> bool:
    """Keep how far a log was read at an instant, and what is new of its decisions.

    Returns False, and keeps nothing, when it is known otherwise by now than `before`, when the look began.
    """
    log, now = reading.followed, instant(at)
    row = {"key": log.key, "size": log.size, "note": log.note, "subtrees": b"".join(log.subtrees)}
    row |= {"read_at": now, "tried_at": now}
    if before is not None:
        kept = conn.execute(update(t.followed_log).where(*_as(entity, before)).values(row)).rowcount == 1
    elif kept := conn.scalar(select(_LOG.entity).where(_LOG.entity == entity)) is None:
        conn.execute(insert(t.followed_log), {"entity": entity, **row})
    if kept and reading.entries:
        _keep_decisions(conn, entity, reading.entries, since=instant(at - marks.LONGEST - _DAY))
    return kept


def _keep_decisions(conn: Connection, entity: str, new: dict[int, Json], *, since: str) -> None:
    """Add decisions, and drop those that have ended but for the last ones, which staff may want to read."""
    old = decisions(conn, entity)
    dropped = set(_ended(old | new, since)[:-LAST_ENDED])
    gone = [{"log": entity, "at_position": position} for position in old.keys() & dropped]
    if gone:
        conn.execute(_FORGET, gone)
    rows = [
        {"log": entity, "position": position, "body": orjson.dumps(entry).decode()}
        for position, entry in new.items()
        if position not in dropped
    ]
    if rows:
        conn.execute(insert(t.log_decision), rows)


def _ended(entries: dict[int, Json], since: str) -> list[int]:
    """Return the positions of the decisions on which nothing rests any more, in their order.

    A mark that was given before `since` has ended by itself. What ends a decision comes after it, so of those
    kept none stands again for want of its end.
    """
    last = dict[Subject, int]()
    for position, entry in entries.items():
        about, shown = logs.effect(entry) or (None, None)
        if about is not None:
            last.pop(about, None)
        if about is not None and shown and not (about[0] == "mark" and str(entry.get("at", since)) < since):
            last[about] = position
    standing = set(last.values())
    return [position for position in entries if position not in standing]


def try_again(conn: Connection, entities: Iterable[str], *, at: datetime) -> None:
    """Remember that logs were to be read at an instant, and forget those that nobody has reached for long."""
    tried = [{"of": entity} for entity in entities]
    if tried:
        change = update(t.followed_log).where(_LOG.entity == bindparam("of"))
        conn.execute(change.values(tried_at=instant(at)), tried)
    which = _LOG.tried_at < instant(at - _UNREACHED)
    conn.execute(delete(t.log_decision).where(_DECISION.log.in_(select(_LOG.entity).where(which))))
    conn.execute(delete(t.followed_log).where(which))


def blame(conn: Connection, entity: str, before: Followed, fault: str | None) -> bool:
    """Keep what is wrong with a log, None for nothing; return whether that is news.

    It is none when the log is known otherwise by now than `before`.
    """
    news = _LOG.fault.is_not(None) if fault is None else _LOG.fault.is_(None)
    change = update(t.followed_log).where(*_as(entity, before), news).values(fault=fault)
    return conn.execute(change).rowcount == 1


def _as(entity: str, before: Followed) -> tuple[ColumnElement[bool], ...]:
    return _LOG.entity == entity, _LOG.key == before.key, _LOG.size == before.size


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
