"""Standing queries of partners: kept until their end, asked anew each day, and told of without data.

Each day a partner hears of all its standing queries in one event, which has the same size whether there is
news or not (SRCH-026). Directives, embargoes, marks and mandates count as they are on that day.
"""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, delete, func, select

from mpex_server.disclosures.work import OwnWork, Work
from mpex_server.errors import Fault, Problem
from mpex_server.kit.clock import instant
from mpex_server.kit.ids import new_id
from mpex_server.node import Node
from mpex_server.peers import registry
from mpex_server.recalls import outbox
from mpex_server.searches import service
from mpex_server.storage import tables as t
from mpex_server.storage.documents import Document
from mpex_server.storage.engine import insert_new, transaction
from mpex_server.tasks import kept_queries

LONGEST = timedelta(days=366)
_DOCUMENT, _DIGEST = t.document.c, t.standing_digest.c
Json = dict[str, Any]


def admit(work: Work, partner: str, asked: Json) -> None:
    """Raise Problem for a standing query that does not end in time, or is one too many (SRCH-024, -025)."""
    if asked["terms"]["deleteBy"] > instant(work.now() + LONGEST):
        raise Problem("ruleViolation", faults=[Fault("/terms/deleteBy", "is more than a year ahead")])
    held = (_DOCUMENT.kind == kept_queries.STANDING) & (_DOCUMENT.owner == partner)
    used = work.conn.scalar(select(func.count()).select_from(t.document).where(held)) or 0
    if used >= work.settings.standing_searches_per_partner:
        raise Problem("quotaExceeded", headers={"Retry-After": "86400"})


def keep(work: Work, partner: str, search_id: str, asked: Json, known: list[str]) -> None:
    """Keep a standing query and the records that it has been answered with."""
    members = ("purpose", "caseReference", "releaseSet", "query", "among", "terms", "notSame")
    body = {name: asked[name] for name in members if name in asked} | {"known": known}
    until = asked["terms"]["deleteBy"]
    kept_queries.keep_standing(work, partner=partner, search=search_id, body=body, until=until)


def tell_news(node: Node) -> int:
    """Ask the standing queries of one partner anew, once a day, and tell it; 0 when no partner is left."""
    with transaction(node.engine) as conn:
        work = OwnWork(conn, node.keys, node.clock, node.settings)
        now = work.now()
        partner = _next(conn, now)
        if partner is None or not insert_new(conn, t.standing_digest, partner=partner, day=_day(now)):
            return 0
        conn.execute(delete(t.standing_digest).where(_DIGEST.partner == partner, _DIGEST.day < _day(now)))
        known = registry.find(conn, partner, now)
        if known is not None:
            _tell(work, known.entry, partner)
        return 1


def _tell(work: Work, entry: Json, partner: str) -> None:
    limit = work.settings.standing_searches_per_partner
    by_purpose: dict[str, list[Json]] = {}
    for query in work.documents.listing(kept_queries.STANDING, limit=limit, owner=partner):
        purpose = query.body["purpose"]
        if purpose in entry["purposes"]:
            news = "some" if _has_news(work, entry, query) else "none"
            item = {"searchId": kept_queries.search_of(work, query), "news": news}
            by_purpose.setdefault(purpose, []).append(item)
    for purpose, items in by_purpose.items():
        outbox.enqueue(
            work,
            partner=partner,
            event_type="standingNews",
            subject=new_id("digest"),
            purpose=purpose,
            event={"items": items},
        )


def _has_news(work: Work, entry: Json, query: Document) -> bool:
    """Tell whether a query fits what it did not fit before; a living person is asked and stays silent."""
    body, search_id = query.body, kept_queries.search_of(work, query)
    found = service.fitting(work, search_id, registry.requester(entry), body)
    before = set(body["known"])
    if found != before:
        changed = body | {"known": sorted(found)}
        work.documents.replace(query, changed, reason="evaluated", actor=work.settings.node_id)
    return not found <= before


def _next(conn: Connection, now: datetime) -> str | None:
    told = select(_DIGEST.partner).where(_DIGEST.day == _day(now))
    waiting = (_DOCUMENT.kind == kept_queries.STANDING) & _DOCUMENT.owner.is_not(None)
    partners = select(_DOCUMENT.owner).where(waiting, _DOCUMENT.owner.not_in(told)).distinct()
    return conn.scalar(partners.order_by(_DOCUMENT.owner).limit(1))


def _day(now: datetime) -> str:
    return instant(now)[:10]
