"""Events of partners are entered once and handed to the resource that they are for."""

from typing import Any

from mpex_server.disclosures.work import Work
from mpex_server.events import repository, tokens
from mpex_server.events.handlers import ASKING, HANDLERS
from mpex_server.events.taken import Taken
from mpex_server.kit.clock import instant
from mpex_server.peers import budget
from mpex_server.received_releases import gaps

Json = dict[str, Any]


def take(work: Work, partner: str, claims: Json, token: str) -> Taken | None:
    """Enter an event into the inbox; None when it was taken before.

    Raises Problem `quotaExceeded` for one that asks for more than a partner may in a day (MSG-010).
    """
    event_type, event = tokens.event_of(claims)
    taken = Taken(partner, claims["sub_id"]["id"], event_type, event, token)
    first = repository.first_time(
        work.conn,
        issuer=partner,
        jti=claims["jti"],
        event_type=event_type,
        subject=taken.subject,
        sequence=claims["sequence"],
        at=instant(work.now()),
    )
    if first and event_type in ASKING:
        limit = work.settings.partner_asks_per_day
        budget.charge(work.conn, partner=partner, kind="ask", now=work.now(), limit=limit)
    return taken if first else None


def apply(work: Work, taken: Taken, *, leaf: str, purpose: str) -> None:
    """Let an event take effect; `leaf` is the audit entry of its receipt here."""
    HANDLERS[taken.type](work, taken, leaf, purpose)
    gaps.watch(work, taken)
