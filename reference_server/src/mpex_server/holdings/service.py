"""Coarse holdings: counted in bands once a day, published, fetched from partners (SRCH-029 to SRCH-031)."""

from datetime import timedelta
from typing import Any

from mpex_spec import codelist
from sqlalchemy import Connection

from mpex_server import office
from mpex_server.holdings import repository
from mpex_server.http.spec import schema_validator
from mpex_server.kit.clock import instant
from mpex_server.node import Node
from mpex_server.peers import registry
from mpex_server.peers.client import Partner, Peers
from mpex_server.peers.errors import PeerError, UnsoundAnswerError
from mpex_server.settings import Settings
from mpex_server.storage.engine import transaction

_BANDS = sorted(((int(row["least"]), code) for code, row in codelist("holdingBands").items()), reverse=True)
_DAY, _HOUR = timedelta(days=1), timedelta(hours=1)
Json = dict[str, Any]


def count(node: Node) -> int:
    """Count what was registered before today, once a day; return 0 when that is done."""
    now, own = node.clock.now(), node.settings.node_id
    today, tomorrow = (moment.date().isoformat() for moment in (now, now + _DAY))
    with transaction(node.engine) as conn:
        due = f"{tomorrow}T00:00:00Z"
        if not repository.claim(conn, own, now=instant(now), due=due):
            return 0
        numbers = repository.registered(conn, today)
        repository.keep(conn, own, {"asOf": today, "counts": _banded(numbers)}, due=due)
    return 1


def published(conn: Connection, settings: Settings) -> Json | None:
    """Return the holdings of this node as its metadata show them; None before the first count."""
    counted = repository.of(conn, [settings.node_id]).get(settings.node_id)
    return None if counted is None else counted | office.of(settings).collects


def fetch(node: Node) -> int:
    """Fetch the holdings of one partner: daily, or each hour while it cannot; 0 when none is due."""
    now = node.clock.now()
    with transaction(node.engine) as conn:
        node_id = repository.next_due(conn, instant(now))
        if node_id is None or not repository.claim(conn, node_id, now=instant(now), due=instant(now + _HOUR)):
            return 0
        partner = registry.find(conn, node_id, now)
    if partner is not None:
        _fetch(node, partner, due=instant(now + _DAY))
    return 1


def _fetch(node: Node, partner: Partner, *, due: str) -> None:
    try:
        holdings = _holdings_of(node.peers, partner)
    except PeerError:
        return
    with transaction(node.engine) as conn:
        repository.keep(conn, partner.node_id, holdings, due=due)


def _holdings_of(peers: Peers, partner: Partner) -> Json | None:
    metadata = peers.metadata(partner)
    if not schema_validator("node-metadata").is_valid(metadata) or metadata["nodeId"] != partner.node_id:
        raise UnsoundAnswerError("the answer is not the metadata of the partner")
    return metadata.get("holdings")


def _banded(numbers: list[tuple[str, int, int]]) -> list[Json]:
    """Return the counts that are large enough to have a band."""
    found = ((type_, year, _band(number)) for type_, year, number in numbers)
    return [{"type": type_, "year": year, "band": band} for type_, year, band in found if band]


def _band(number: int) -> str | None:
    return next((code for least, code in _BANDS if number >= least), None)
