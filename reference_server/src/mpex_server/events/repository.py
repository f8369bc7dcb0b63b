"""The inbox: which events of which partner were taken, so that none takes effect twice (RECL-005)."""

from sqlalchemy import Connection, func, select

from mpex_server.domain.merkle import leaf_hash
from mpex_server.kit import base64url
from mpex_server.storage import tables as t
from mpex_server.storage.engine import insert_new, one_at_a_time


def first_time(
    conn: Connection, *, issuer: str, jti: str, event_type: str, subject: str, sequence: int, at: str
) -> bool:
    """Record an event; False when it was taken before."""
    one_at_a_time(conn, subject)
    return insert_new(
        conn,
        t.inbox,
        issuer=issuer,
        jti=jti,
        event_type=event_type,
        subject_id=subject,
        sequence=sequence,
        state="taken",
        at=at,
    )


def recalled(conn: Connection, issuer: str, subject: str) -> bool:
    """Tell whether a partner has recalled something; it cannot until this transaction has ended."""
    one_at_a_time(conn, subject)
    row = t.inbox.c
    found = select(row.jti).where(row.issuer == issuer, row.subject_id == subject, row.event_type == "recall")
    return conn.scalar(found.limit(1)) is not None


def has_gap(conn: Connection, issuer: str, subject: str) -> bool:
    """Tell whether an event about something has not come that its sender counted (RECL-020)."""
    row = t.inbox.c
    counted = select(func.count(row.sequence.distinct()), func.max(row.sequence))
    come, highest = conn.execute(counted.where(row.issuer == issuer, row.subject_id == subject)).one()
    return bool(come < (highest or 0))


def leaf_hash_of(conn: Connection, leaf: str) -> str:
    """Return the RFC 6962 hash of an audit entry, which a receipt cites."""
    body = conn.scalar(select(t.audit_leaf.c.body).where(t.audit_leaf.c.id == leaf))
    return base64url.encode(leaf_hash(body or b""))
