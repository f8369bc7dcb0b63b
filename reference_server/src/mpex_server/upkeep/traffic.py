"""What must hold of everything else: rows that point to something, lists of recipients, events, tasks."""

from collections import defaultdict
from collections.abc import Iterator

from sqlalchemy import exists, func, select

from mpex_server.disclosures.work import Work
from mpex_server.kit import aead
from mpex_server.recalls import outbox
from mpex_server.storage import floor
from mpex_server.storage import tables as t
from mpex_server.storage.engine import is_sqlite, streamed
from mpex_server.storage.schema import differences
from mpex_server.tasks import repository as tasks

_SENT, _TASK, _DISCLOSURE = t.outbox.c, t.task.c, t.disclosure.c


def other_schema(work: Work) -> Iterator[str]:
    """Yield what the tables have otherwise than this version of the software."""
    yield from differences(work.conn)


def without_floor(work: Work) -> Iterator[str]:
    """Yield what the floor of a production node on PostgreSQL lacks; SQLite has none, and says so."""
    if not (work.settings.sandbox or is_sqlite(work.conn)):
        yield from floor.faults(work.conn)


def damaged_file(work: Work) -> Iterator[str]:
    """Yield what SQLite finds wrong with its file; PostgreSQL keeps watch over its own."""
    if is_sqlite(work.conn):
        found = work.conn.exec_driver_sql("PRAGMA integrity_check").scalars()
        yield from (line for line in found if line != "ok")


def pointing_to_nothing(work: Work) -> Iterator[str]:
    """Yield tables with rows whose document, or other parent, is not there."""
    for table in t.metadata.sorted_tables:
        for key in table.foreign_keys:
            parent = key.column.table.alias()
            there = exists().where(parent.c[key.column.name] == key.parent)
            orphans = select(func.count()).select_from(table).where(key.parent.is_not(None), ~there)
            if count := work.conn.scalar(orphans):
                yield f"{table.name}.{key.parent.name} ({count} rows)"


def disclosures_unproved(work: Work) -> Iterator[str]:
    """Yield disclosures without their entry in the log, or with two lists of directives that differ."""
    logged = exists().where(t.audit_leaf.c.id == _DISCLOSURE.leaf_id)
    yield from work.conn.scalars(select(_DISCLOSURE.id).where(~logged).order_by(_DISCLOSURE.id))
    listed = defaultdict[str, set[str]](set)
    row = t.disclosure_directive.c
    for name, directive in streamed(work.conn, select(row.disclosure_id, row.directive_id)):
        listed[name].add(directive)
    for name, directives in streamed(work.conn, select(_DISCLOSURE.id, _DISCLOSURE.directive_ids)):
        if listed[name] != set(directives.split()):
            yield name


def events_undeliverable(work: Work) -> Iterator[str]:
    """Yield events that do not open, that were taken and not wiped, or before which one is missing."""
    names = select(_SENT.id).where(_SENT.acked_at.is_(None)).order_by(_SENT.id)
    for (name,) in streamed(work.conn, names):
        try:
            outbox.find(work.conn, work.keys, name)
        except (aead.SealError, ValueError, KeyError):
            yield name
    unwiped = (_SENT.acked_at.is_not(None)) & (_SENT.body != b"")
    yield from work.conn.scalars(select(_SENT.id).where(unwiped).order_by(_SENT.id))
    counted = select(_SENT.partner, _SENT.subject_id).group_by(_SENT.partner, _SENT.subject_id)
    gaps = counted.having(func.count(_SENT.sequence.distinct()) != func.max(_SENT.sequence))
    yield from (f"{subject} to {partner}" for partner, subject in work.conn.execute(gaps))


def tasks_unreadable(work: Work) -> Iterator[str]:
    """Yield tasks whose sealed details do not open."""
    for (name,) in streamed(work.conn, select(_TASK.id).where(_TASK.body.is_not(None))):
        try:
            tasks.find(work.conn, work.keys, name)
        except (aead.SealError, ValueError):
            yield name


def keys_without_outcome(work: Work) -> Iterator[str]:
    """Yield clients with a request that was claimed under an idempotency key and never ended."""
    row = t.idempotency.c
    yield from work.conn.scalars(select(row.client_id).where(row.status.is_(None)).distinct())
