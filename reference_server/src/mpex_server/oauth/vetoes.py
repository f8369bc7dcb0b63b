"""Whom staff keep out, by whatever name it comes back (TRUST-013).

A node id is a word of whoever gives mandates, so another one makes nobody another. What stays is the address,
and the key that an entity has shown to hold: of the other keys that it names, it may not even have one.
"""

from typing import Any

import orjson
from sqlalchemy import Connection, select

from mpex_server.oauth import said
from mpex_server.storage import tables as t

KEPT_OUT = "keptOut"


def covers(conn: Connection, entry: dict[str, Any], configuration: str) -> bool:
    """Tell whether staff keep out whoever has this entry, and says this of itself."""
    row = t.partner.c
    kept_out = conn.execute(select(row.entry, row.configuration).where(row.status == KEPT_OUT))
    signs = _signs(entry, configuration)
    return any(signs & _signs(orjson.loads(text), told) for text, told in kept_out)


def _signs(entry: dict[str, Any], configuration: str | None) -> set[str]:
    """Return what tells an entity; one that was added by hand has signed nothing."""
    signs = {entry["nodeId"], entry["url"].rstrip("/").casefold()}
    return signs if configuration is None else signs | {said.signer(configuration)}
