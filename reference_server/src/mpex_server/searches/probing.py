"""Who tries queries until one tells something: like queries on one record are counted, and people look at it.

What is counted is which distinct queries of which partner fitted a record closely, whatever the partner was
told, in the last 30 days. Three of one partner freeze the record (SRCH-017, SRCH-018); four of several are
reported to the staff (SRCH-019). The count starts anew with each task, so that the next query does not undo a
review.
"""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from sqlalchemy import delete, func, select

from mpex_server.disclosures.work import Work
from mpex_server.kit import aead, base64url, strict_json
from mpex_server.kit.clock import instant
from mpex_server.storage import tables as t
from mpex_server.storage.engine import insert_new, one_at_a_time
from mpex_server.tasks import repository as tasks

FROZEN, PROBED = "frozenRecord", "probedRecord"
OF_ONE, OF_SEVERAL = 3, 4
_COUNTED = timedelta(days=30)
_ROW = t.search_touch.c
Json = dict[str, Any]


def note(work: Work, partner: str, purpose: str, query: Json, records: Iterable[str]) -> None:
    """Count the query of a partner on each record that it fits closely, and open the tasks that follow."""
    now = work.now()
    work.conn.execute(delete(t.search_touch).where(_ROW.at < instant(now - _COUNTED)))
    digest = base64url.encode(
        aead.mac(work.keys.secret("audit"), "distinctQuery", strict_json.canonical(query))
    )
    for record in sorted(records):
        one_at_a_time(work.conn, record)
        row = {"document_id": record, "partner": partner, "query": digest, "at": instant(now)}
        if insert_new(work.conn, t.search_touch, **row):
            _judge(work, record, partner, purpose)


def frozen(work: Work) -> set[str]:
    """Return the records that are frozen until somebody has looked at them."""
    return tasks.subjects(work.conn, FROZEN)


def _judge(work: Work, record: str, partner: str, purpose: str) -> None:
    counts = (
        select(_ROW.partner, func.count().label("queries"))
        .where(_ROW.document_id == record)
        .group_by(_ROW.partner)
    )
    queries: dict[str, int] = {row.partner: row.queries for row in work.conn.execute(counts)}
    if queries[partner] >= OF_ONE:
        _freeze(work, record, partner, purpose)
    elif sum(queries.values()) >= OF_SEVERAL:
        _report(work, record)


def _freeze(work: Work, record: str, partner: str, purpose: str) -> None:
    if not tasks.open_of(work.conn, work.keys, record, FROZEN):
        tasks.add(work, kind=FROZEN, subject=record, partner=partner, purpose=purpose)
    work.conn.execute(delete(t.search_touch).where(_ROW.document_id == record, _ROW.partner == partner))


def _report(work: Work, record: str) -> None:
    if not tasks.open_of(work.conn, work.keys, record, PROBED):
        tasks.add(work, kind=PROBED, subject=record)
    work.conn.execute(delete(t.search_touch).where(_ROW.document_id == record))
