"""The inbox: which events of which partner were taken, so that none takes effect twice (RECL-005)."""

from sqlalchemy import Connection, select

from mpex_server.domain.merkle import leaf_hash
from mpex_server.kit import base64url
from mpex_server.storage import tables as t
from mpex_server.storage.engine import insert_new, one_at_a_time


def first_time(conn: Connection, *, issuer: str, jti: str, event_type: str, subject: str, at: str) -> bool:
    """Record an event; False when it was taken before."""
    one_at_a_time(conn, subject)
    return insert_new(
        conn,
        t.inbox,
        issuer=issuer,
        jti=jti,
        event_type=event_type,
        subject_id=subject,
        state="taken",
        at=at,
    )


def recalled(conn: Connection, issuer: str, subject: str) -> bool:
    """Tell whether a partner has recalled something; it cannot until this transaction has ended."""
    one_at_a_time(conn, subject)
    row = t.inbox.c
    found = select(row.jti).where(row.issuer == issuer, row.subject_id == subject, row.event_type == "recall")
    return conn.scalar(found.limit(1)) is not None


def leaf_hash_of(conn: Connection, leaf: str) -> str:
    """Return the RFC 6962 hash of an audit entry, which a receipt cites."""
    body = conn.scalar(select(t.audit_leaf.c.body).where(t.audit_leaf.c.id == leaf))
    return base64url.encode(leaf_hash(body or b""))
