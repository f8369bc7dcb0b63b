"""The anchors that the node has chosen, and the marks that it was given."""

from typing import Any

import orjson
from sqlalchemy import Connection, delete, insert, select, update

from mpex_server.storage import tables as t

Json = dict[str, Any]
_ANCHOR, _MARK = t.trust_anchor.c, t.own_mark.c


def choose(conn: Connection, entity: str, jwks: Json, *, at: str) -> None:
    """Choose an anchor with its keys, or give one that was chosen other keys; it is due to be read."""
    conn.execute(delete(t.trust_anchor).where(_ANCHOR.entity == entity))
    row = {"entity": entity, "jwks": orjson.dumps(jwks).decode(), "due_at": at}
    conn.execute(insert(t.trust_anchor), row)


def drop(conn: Connection, entity: str, *, at: str) -> bool:
    """Choose an anchor no more; return whether it was one.

    The others are due to be read, and a look that is under way with the anchor counts for nothing.
    """
    dropped = conn.execute(delete(t.trust_anchor).where(_ANCHOR.entity == entity)).rowcount == 1
    hasten(conn, at=at)
    return dropped


def hasten(conn: Connection, *, at: str) -> None:
    """Let the anchors be due to be read; a look that is under way counts for nothing."""
    conn.execute(update(t.trust_anchor).values(due_at=at))


def anchors(conn: Connection) -> dict[str, Json]:
    """Return the JWK sets of the anchors by entity, ordered by it."""
    rows = conn.execute(select(_ANCHOR.entity, _ANCHOR.jwks).order_by(_ANCHOR.entity))
    return {entity: orjson.loads(jwks) for entity, jwks in rows}


def claim(conn: Connection, *, now: str, until: str) -> bool:
    """Take it on to read the anchors, for all processes of the node; return False when none is due.

    All are read when one is due, so all are claimed: a look that is under way is overtaken by this one.
    """
    taking = update(t.trust_anchor).values(due_at=until)
    due = conn.execute(taking.where(_ANCHOR.due_at <= now)).rowcount > 0
    return due and conn.execute(taking).rowcount > 0


def plan(conn: Connection, *, claimed: str, due: str) -> bool:
    """Say when to read the anchors again that were claimed; False when another look began since."""
    claimed_then = update(t.trust_anchor).where(_ANCHOR.due_at == claimed)
    return conn.execute(claimed_then.values(due_at=due)).rowcount > 0


def keep_mark(conn: Connection, kind: str, token: str, *, until: str) -> None:
    """Show a mark from now on, in the place of an older one of the type; it ends at the instant `until`."""
    conn.execute(delete(t.own_mark).where(_MARK.kind == kind))
    conn.execute(insert(t.own_mark), {"kind": kind, "token": token, "expires_at": until})


def drop_mark(conn: Connection, kind: str) -> None:
    """Show a mark of a type no more."""
    conn.execute(delete(t.own_mark).where(_MARK.kind == kind))


def marks(conn: Connection) -> dict[str, str]:
    """Return the marks that the node shows, by type."""
    return {row.kind: row.token for row in conn.execute(select(_MARK.kind, _MARK.token))}


def ends(conn: Connection) -> dict[str, str]:
    """Return when the marks end that the node shows, by type."""
    return {row.kind: row.expires_at for row in conn.execute(select(_MARK.kind, _MARK.expires_at))}
