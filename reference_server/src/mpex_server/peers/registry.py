"""Partners out of the registry, as peers to call and as requesters to decide on."""

from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import Connection, select

from mpex_server.domain.directives import Requester
from mpex_server.errors import not_found
from mpex_server.oauth import clients
from mpex_server.peers.client import Partner
from mpex_server.storage import tables as t


def find(conn: Connection, node_id: str, now: datetime, *, to_tell: bool = False) -> Partner | None:
    """Return a partner that is active at `now` and has access, or None.

    `to_tell` holds it fast until the transaction ends, as in `clients.find`.
    """
    client = clients.find(conn, node_id, now, to_tell=to_tell)
    if client is None or client.entry is None or not client.has_access:
        return None
    return Partner(client.entry)


def require_to_tell(conn: Connection, node_id: str, now: datetime) -> None:
    """Hold a partner fast that collects; raises Problem `notFound` for one that was suspended meanwhile."""
    if find(conn, node_id, now, to_tell=True) is None:
        raise not_found()


def to_tell(conn: Connection, now: datetime) -> list[Partner]:
    """Return, and hold fast, the first hundred partners active at `now` with the mark, ordered by node id."""
    entries = clients.partners(conn, now, to_tell=True)
    return [Partner(entry) for entry in entries if clients.can_have_access(entry)]


def known(conn: Connection, node_id: str) -> dict[str, Any]:
    """Return the registry entry of a partner that is, or was, registered; empty for none."""
    text = conn.scalar(select(t.partner.c.entry).where(t.partner.c.node_id == node_id))
    return dict(orjson.loads(text)) if text else {}


def recipient(conn: Connection, node_id: str, purpose: str) -> Requester:
    """Return who received data for a purpose; of one that only a former custodian knew, no more is known."""
    unknown = {"nodeId": node_id, "recipientClass": "other", "purposes": [purpose]}
    return requester(known(conn, node_id) or unknown)


def requester(entry: dict[str, Any]) -> Requester:
    """Return a registry entry as the consent decision sees it."""
    return Requester.from_document(entry)
