"""Whom staff keep out, by whatever name it comes back (TRUST-013).

A node id is a word of whoever gives mandates, so another one makes nobody another. What stays is the address,
and the key that an entity has shown to hold: of the other keys that it names, it may not even have one.
"""

from typing import Any

import orjson
from sqlalchemy import Connection, select

from mpex_server.kit import jws
from mpex_server.storage import tables as t

KEPT_OUT = "keptOut"
_MAX_CHARS = 65_536


def covers(conn: Connection, entry: dict[str, Any], configuration: str) -> bool:
    """Tell whether staff keep out whoever has this entry, and says this of itself."""
    row = t.partner.c
    kept_out = conn.execute(select(row.entry, row.configuration).where(row.status == KEPT_OUT))
    signs = _signs(entry, configuration)
    return any(signs & _signs(orjson.loads(text), said) for text, said in kept_out)


def _signs(entry: dict[str, Any], configuration: str | None) -> set[str]:
    """Return what tells an entity; one that was added by hand has signed nothing."""
    signs = {entry["nodeId"], entry["url"].rstrip("/").casefold()}
    return signs if configuration is None else signs | {_signer(configuration)}


def _signer(configuration: str) -> str:
    """Return the thumbprint of the key that signed a configuration, which was verified when it was read."""
    said = jws.parse(configuration, max_chars=_MAX_CHARS)
    (key,) = (key for key in said.claims["jwks"]["keys"] if key["kid"] == said.header["kid"])
    return jws.verification_key(key).thumbprint
