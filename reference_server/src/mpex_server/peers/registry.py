"""Partners out of the registry, as peers to call and as requesters to decide on."""

from typing import Any

from sqlalchemy import Connection

from mpex_server.domain.directives import Requester
from mpex_server.oauth import clients
from mpex_server.peers.client import Partner


def find(conn: Connection, node_id: str) -> Partner | None:
    """Return an active partner that holds the mark of no immigration enforcement, or None."""
    client = clients.find(conn, node_id)
    if client is None or client.entry is None or not client.marked:
        return None
    return Partner(client.entry)


def requester(entry: dict[str, Any]) -> Requester:
    """Return a registry entry as the consent decision sees it."""
    return Requester.from_document(entry)
