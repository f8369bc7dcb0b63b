"""The durable outbox: events that wait until the partner has accepted them (RECL-002).

A row is claimed by moving its next attempt into the future, in a transaction of its own, so that of many
workers one sends; a worker that dies leaves the row to be claimed again. Bodies are sealed, and wiped once
accepted.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, func, insert, select, update

from mpex_server.disclosures.work import Work
from mpex_server.keys import KeyProvider, sealing
from mpex_server.kit import strict_json
from mpex_server.kit.clock import instant
from mpex_server.kit.ids import new_id
from mpex_server.storage import tables as t
from mpex_server.storage.documents import Document

_ROW = t.outbox.c
# Longer than one event takes at the worst: token and event, each twice and each as slow as the wire allows.
_LEASE = timedelta(seconds=120)
_LOOKED_AT = 10
USE = "outbox"
"""What the bodies of events are sealed for."""


@dataclass(frozen=True, slots=True)
class Event:
    """An event to deliver; `body` holds its claims (event-claims.json) and the purpose it travels under."""

    id: str
    partner: str
    type: str
    subject: str
    attempts: int
    purpose: str
    claims: dict[str, Any]


def enqueue(
    work: Work,
    *,
    partner: str,
    event_type: str,
    subject: str,
    purpose: str,
    event: dict[str, Any],
) -> str:
    """Store an event in the action's own transaction, due at once; return its identifier."""
    event_id, now = new_id("event"), work.now()
    sequence = _next_sequence(work.conn, partner, subject)
    claims = {
        "iss": work.settings.node_id,
        "aud": partner,
        "jti": event_id,
        "iat": int(now.timestamp()),
        "sub_id": {"format": "opaque", "id": subject},
        "sequence": sequence,
        "events": {f"urn:mpex:event:{event_type}": event},
    }
    body = strict_json.dumps({"purpose": purpose, "claims": claims})
    work.conn.execute(
        insert(t.outbox).values(
            id=event_id,
            partner=partner,
            event_type=event_type,
            body=sealing.seal(work.keys, USE, body, event_id.encode()),
            subject_id=subject,
            sequence=sequence,
            next_attempt=instant(now),
            created_at=instant(now),
        )
    )
    return event_id


def tell(work: Work, about: Document, partner: str, event_type: str, event: dict[str, Any]) -> None:
    """Store an event about a document that both sides keep, under the purpose of that document."""
    purpose = about.body["purpose"]
    enqueue(work, partner=partner, event_type=event_type, subject=about.id, purpose=purpose, event=event)


def partners_due(conn: Connection, now: datetime, *, limit: int) -> list[str]:
    """Return partners for whom an event waits that may be tried now, the longest wait first."""
    oldest = func.min(_ROW.next_attempt)
    due = select(_ROW.partner).where(*_due(now)).group_by(_ROW.partner).order_by(oldest, _ROW.partner)
    return list(conn.scalars(due.limit(limit)))


def claim(conn: Connection, keys: KeyProvider, *, partner: str, now: datetime) -> Event | None:
    """Claim a partner's next due event for two minutes; None when none is left that no other worker has."""
    due = (
        select(t.outbox)
        .where(_ROW.partner == partner, *_due(now))
        .order_by(_ROW.next_attempt, _ROW.subject_id, _ROW.sequence)
        .limit(_LOOKED_AT)
    )
    claimed = (row for row in conn.execute(due).all() if _claimed(conn, row, now))
    return next((_event(keys, row) for row in claimed), None)


def find(conn: Connection, keys: KeyProvider, event_id: str) -> Event | None:
    """Return an event that waits, or None; raises aead.SealError when it does not open."""
    row = conn.execute(select(t.outbox).where(_ROW.id == event_id, _ROW.acked_at.is_(None))).one_or_none()
    return None if row is None else _event(keys, row)


def postpone(conn: Connection, partner: str, *, now: datetime, again: datetime) -> None:
    """Let whatever is due at a partner wait."""
    waiting = update(t.outbox).where(_ROW.partner == partner, *_due(now))
    conn.execute(waiting.values(next_attempt=instant(again)))


def accepted(conn: Connection, event_id: str, *, now: datetime) -> None:
    """Record that the partner has taken the event, and wipe its body."""
    values = {"acked_at": instant(now), "body": b"", "last_error": None}
    conn.execute(update(t.outbox).where(_ROW.id == event_id).values(values))


def accepted_of(conn: Connection, event_ids: Iterable[str]) -> set[str]:
    """Return which of the events the partner has accepted."""
    taken = select(_ROW.id).where(_ROW.id.in_(list(event_ids)), _ROW.acked_at.is_not(None))
    return set(conn.scalars(taken))


def failed(conn: Connection, event_id: str, *, error: str, again: datetime) -> None:
    """Record a failure and when to try again."""
    values = {"attempts": _ROW.attempts + 1, "next_attempt": instant(again), "last_error": error}
    conn.execute(update(t.outbox).where(_ROW.id == event_id).values(values))


def _due(now: datetime) -> tuple[ColumnElement[bool], ...]:
    return _ROW.acked_at.is_(None), _ROW.next_attempt <= instant(now)


def _claimed(conn: Connection, row: Any, now: datetime) -> bool:
    same = (_ROW.id == row.id) & (_ROW.next_attempt == row.next_attempt) & _ROW.acked_at.is_(None)
    lease = instant(now + _LEASE)
    return conn.execute(update(t.outbox).where(same).values(next_attempt=lease)).rowcount == 1


def _next_sequence(conn: Connection, partner: str, subject: str) -> int:
    last = conn.scalar(
        select(func.max(_ROW.sequence)).where(_ROW.partner == partner, _ROW.subject_id == subject)
    )
    return (last or 0) + 1


def _event(keys: KeyProvider, row: Any) -> Event:
    body = strict_json.loads(sealing.unseal(keys, USE, row.body, row.id.encode()))
    return Event(
        row.id, row.partner, row.event_type, row.subject_id, row.attempts, body["purpose"], body["claims"]
    )
