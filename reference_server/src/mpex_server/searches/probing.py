"""Who tries queries until one tells something: like queries on one record are counted, and people look at it.

What is counted is which distinct queries of which partner fitted a record closely, whatever the partner was
told, in the last 30 days. Three of one partner freeze the record for that partner (SRCH-017, SRCH-018) and
for no other: nobody hides a record from the rest by guessing at it (SRCH-033). Four of several are reported
to the staff (SRCH-019). Each count starts anew with its task, so that the next query does not undo a review;
a report leaves the count for a freeze alone, so that partners that take turns are frozen, too.
"""

from collections.abc import Collection, Iterable
from datetime import timedelta
from typing import Any

from sqlalchemy import delete, select, update

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
        row = {
            "document_id": record,
            "partner": partner,
            "query": digest,
            "at": instant(now),
            "reported": False,
        }
        if insert_new(work.conn, t.search_touch, **row):
            _judge(work, record, partner, purpose)


def frozen(work: Work, partner: str, among: Collection[str]) -> set[str]:
    """Return which of the records are frozen for a partner until somebody has looked at them."""
    found = tasks.open_among(work.conn, work.keys, among, FROZEN)
    return {task.subject for task in found if task.details["partner"] == partner}


def _judge(work: Work, record: str, partner: str, purpose: str) -> None:
    rows = work.conn.execute(select(_ROW.partner, _ROW.reported).where(_ROW.document_id == record)).all()
    if sum(row.partner == partner for row in rows) >= OF_ONE:
        _freeze(work, record, partner, purpose)
    elif sum(not row.reported for row in rows) >= OF_SEVERAL:
        _report(work, record)


def _freeze(work: Work, record: str, partner: str, purpose: str) -> None:
    if not frozen(work, partner, [record]):
        tasks.add(work, kind=FROZEN, subject=record, partner=partner, purpose=purpose)
    work.conn.execute(delete(t.search_touch).where(_ROW.document_id == record, _ROW.partner == partner))


def _report(work: Work, record: str) -> None:
    if not tasks.open_of(work.conn, work.keys, record, PROBED):
        tasks.add(work, kind=PROBED, subject=record)
    work.conn.execute(update(t.search_touch).where(_ROW.document_id == record).values(reported=True))
