"""What a partner calls back: what is held under the reference is erased, and a signed receipt says so."""

from datetime import timedelta

from mpex_server.disclosures.work import Work
from mpex_server.events import repository as inbox
from mpex_server.events.taken import Taken
from mpex_server.kit.clock import instant
from mpex_server.recalls import outbox
from mpex_server.received_releases import service
from mpex_server.tasks import kept_queries

_BACKUPS = timedelta(days=7)


def take(work: Work, taken: Taken, leaf: str, purpose: str) -> None:
    """Erase what is held under the reference and answer with a signed receipt (RECL-003).

    The receipt says `erased` when nothing was held, too: the partner learns no difference. What comes under
    the reference after its recall is not kept any more.
    """
    service.erase_released(work, taken.partner, taken.subject)
    for query in kept_queries.of_search(work, partner=taken.partner, search=taken.subject):
        kept_queries.drop(work, query)
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
            "leafHash": inbox.leaf_hash_of(work.conn, leaf),
        },
        now=now,
    )
