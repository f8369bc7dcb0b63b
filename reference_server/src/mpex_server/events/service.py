"""What events of partners do here: recalls take effect at once; receipts and news find their place."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from mpex_server.disclosures.work import Work
from mpex_server.events import repository, tokens
from mpex_server.kit.clock import instant
from mpex_server.partner_searches import service as partner_searches
from mpex_server.recalls import outbox
from mpex_server.recalls import service as recalls
from mpex_server.received_releases import service as received_releases
from mpex_server.tasks import kept_queries

Json = dict[str, Any]
_BACKUPS = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Taken:
    """An event that was read: its sender, what it is about, and the token itself."""

    partner: str
    subject: str
    type: str
    event: Json
    token: str


def take(work: Work, partner: str, claims: Json, token: str) -> Taken | None:
    """Enter an event into the inbox; None when it was taken before."""
    event_type, event = tokens.event_of(claims)
    taken = Taken(partner, claims["sub_id"]["id"], event_type, event, token)
    first = repository.first_time(
        work.conn,
        issuer=partner,
        jti=claims["jti"],
        event_type=event_type,
        subject=taken.subject,
        at=instant(work.now()),
    )
    return taken if first else None


def apply(work: Work, taken: Taken, *, leaf: str, purpose: str) -> None:
    """Let an event take effect; `leaf` is the audit entry of its receipt here."""
    if taken.type == "recall":
        _recalled(work, taken, leaf, purpose)
    elif taken.type == "receipt":
        recalls.acknowledge(work, taken.partner, taken.subject, taken.event, taken.token)
    elif taken.type == "news":
        partner_searches.add_news(work, taken.partner, taken.event)


def _recalled(work: Work, taken: Taken, leaf: str, purpose: str) -> None:
    """Erase what is held under the reference and answer with a signed receipt (RECL-003).

    The receipt says `erased` when nothing was held, too: the partner learns no difference. What comes under
    the reference after its recall is not kept any more.
    """
    received_releases.erase_released(work, taken.partner, taken.subject)
    asked = kept_queries.of_search(work.conn, work.documents, partner=taken.partner, search=taken.subject)
    for query in asked:
        kept_queries.drop(work.conn, work.documents, query)
    now = work.now()
    outbox.enqueue(
        work.conn,
        work.keys,
        issuer=work.settings.node_id,
        partner=taken.partner,
        event_type="receipt",
        subject=taken.subject,
        purpose=purpose,
        event={
            "recallId": taken.event["recallId"],
            "outcome": "erased",
            "erasedAt": instant(now),
            "backupsExpireAt": instant(now + _BACKUPS),
            "leafHash": repository.leaf_hash_of(work.conn, leaf),
        },
        now=now,
    )
