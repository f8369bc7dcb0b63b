"""Delivery of events to partners, outside any transaction, at least once and durable over restarts."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

import structlog
from sqlalchemy import Connection

from mpex_server.http.logs import place_of
from mpex_server.node import Node
from mpex_server.peers import registry, signatures
from mpex_server.peers.client import Access, Partner
from mpex_server.peers.errors import PeerError, RefusedError, UnreachableError
from mpex_server.recalls import outbox
from mpex_server.storage.engine import transaction

_log = structlog.get_logger("mpex.delivery")
EVENT_TYPE = "secevent+jwt"
_FOR_FORMER = frozenset({"recall", "receipt", "messageRecall", "directiveWithdrawn", "directiveFrozen"})
_PARTNERS_AT_ONCE = 4
_EVENTS_AT_ONCE = 20
_SECONDS_AT_ONCE = 30.0


@dataclass(frozen=True, slots=True)
class Pace:
    """Seconds to wait after a first failure, and at the longest."""

    first: float
    longest: float

    def wait(self, attempts: int) -> timedelta:
        """Return the wait after so many failures: doubled each time."""
        return timedelta(seconds=min(self.longest, self.first * 2 ** min(attempts, 20)))


SANDBOX_PACE = Pace(first=1, longest=5)
PRODUCTION_PACE = Pace(first=30, longest=3600)


def deliver(node: Node) -> int:
    """Try events that are due, up to 20 for each of four partners at a time, and return how many were tried.

    A partner that does not answer holds up no other: its other events wait with the one that failed. Nor does
    one that answers late: after half a minute its other events wait for the next time. Every worker may run
    this at the same time: a claimed event is sent by one of them.
    """
    pace = SANDBOX_PACE if node.settings.sandbox else PRODUCTION_PACE
    with transaction(node.engine, write=False) as conn:
        partners = outbox.partners_due(conn, node.clock.now(), limit=_PARTNERS_AT_ONCE)
    if not partners:
        return 0
    with ThreadPoolExecutor(len(partners)) as pool:
        return sum(pool.map(partial(_serve, node, pace), partners))


def _serve(node: Node, pace: Pace, partner: str) -> int:
    """Try one partner's due events, oldest first, until it cannot be reached; return how many."""
    ends = node.clock.monotonic() + _SECONDS_AT_ONCE
    for tried in range(_EVENTS_AT_ONCE):
        if tried and node.clock.monotonic() > ends:
            return tried
        with transaction(node.engine) as conn:
            event = outbox.claim(conn, node.keys, partner=partner, now=node.clock.now())
        if event is None:
            return tried
        if not _deliver(node, event, pace):
            return tried + 1
    return _EVENTS_AT_ONCE


def _deliver(node: Node, event: outbox.Event, pace: Pace) -> bool:
    """Try one event; False when the partner was not there, so that its other events need not be tried."""
    error = _send(node, event)
    now = node.clock.now()
    with transaction(node.engine) as conn:
        if error is None:
            outbox.accepted(conn, event.id, now=now)
            return True
        again = now + pace.wait(event.attempts)
        outbox.failed(conn, event.id, error=error, again=again)
        if error != UnreachableError.__name__:
            return True
        outbox.postpone(conn, event.partner, now=now, again=again)
        return False


def _send(node: Node, event: outbox.Event) -> str | None:
    """Push one event (RFC 8935) and return the kind of failure, None when it was accepted."""
    with transaction(node.engine, write=False) as conn:
        partner = _addressee(conn, node, event)
    if partner is None:
        return "notRegistered"
    token = signatures.sign(node.keys, EVENT_TYPE, event.claims)
    access = Access(event.purpose, "legalObligation", ("events:receive",))
    try:
        node.peers.call(
            partner,
            "POST",
            "/v1/events",
            access,
            content=token.encode(),
            media_type="application/secevent+jwt",
        )
    except RefusedError as refused:
        return f"status{refused.status}"
    except PeerError as failure:
        return type(failure).__name__
    except Exception as error:  # noqa: BLE001 - one odd partner must not keep events from the others
        _log.error("delivery failed", error=type(error).__name__, place=place_of(error))
        return type(error).__name__
    return None


def _addressee(conn: Connection, node: Node, event: outbox.Event) -> Partner | None:
    """Return the partner to push to; what recalls goes to one that is a partner no more, too."""
    if event.type not in _FOR_FORMER:
        return registry.find(conn, event.partner, node.clock.now())
    entry = registry.known(conn, event.partner)
    return Partner(entry) if entry else None
