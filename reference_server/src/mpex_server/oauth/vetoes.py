"""Whom staff keep out, by whatever name it comes back (TRUST-013).

A node id is a word of whoever gives mandates, so another one makes nobody another. What stays is the address,
and the key that an entity has shown to hold: of the other keys that it names, it may not even have one. Each
that was seen since the veto counts, so that nobody gets rid of it by an exchange of keys.
"""

from typing import Any

import orjson
from sqlalchemy import Connection, delete, insert, select

from mpex_server.oauth import said
from mpex_server.storage import tables as t

KEPT_OUT = "keptOut"
_VETO = t.veto.c


def covers(conn: Connection, entry: dict[str, Any], configuration: str | None) -> bool:
    """Tell whether staff keep out whoever has this entry, and says this of itself."""
    signs = _signs(entry, configuration)
    return conn.scalar(select(_VETO.node_id).where(_VETO.sign.in_(signs)).limit(1)) is not None


def lay(conn: Connection, node_id: str) -> None:
    """Keep a partner out by what tells it today, beside all that told it before."""
    row = t.partner.c
    known = conn.execute(select(row.entry, row.configuration).where(row.node_id == node_id)).one()
    signs = _signs(orjson.loads(known.entry), known.configuration)
    signs.difference_update(conn.scalars(select(_VETO.sign).where(_VETO.node_id == node_id)))
    if signs:
        conn.execute(insert(t.veto), [{"node_id": node_id, "sign": sign} for sign in sorted(signs)])


def lift(conn: Connection, node_id: str) -> None:
    """Keep a partner out no more."""
    conn.execute(delete(t.veto).where(_VETO.node_id == node_id))


def _signs(entry: dict[str, Any], configuration: str | None) -> set[str]:
    """Return what tells an entity; one that was added by hand has signed nothing."""
    signs = {entry["nodeId"], entry["url"].rstrip("/").casefold()}
    return signs if configuration is None else signs | {said.signer(configuration)}
