"""Warnings that two records may be about one person: after registration, to the staff, and in nobody's way.

A registration only leaves its name here. The search is done later, by a job, so that neither the answer to
the registration nor its time tells an enquirer that somebody else asks for the same person (SRCH-020).
"""

from typing import Any

from sqlalchemy import Connection, delete, select

from mpex_server.disclosures.decision import usable
from mpex_server.disclosures.work import OwnWork, Work
from mpex_server.matches.service import not_same
from mpex_server.node import Node
from mpex_server.partner_searches.queries import CATEGORIES, merged
from mpex_server.searches.candidates import Reach, best, scored
from mpex_server.storage import tables as t
from mpex_server.storage.documents import Document
from mpex_server.storage.engine import is_first, transaction
from mpex_server.tasks import repository as tasks

KIND = "possibleDuplicate"
# A second record of a person shares rare keys with the first, so that it is enough to look near.
_REACH = Reach(common=1_000, postings=2_000, opened=50)
_LOOKED_AT = 20
_ALIKE = frozenset({"strong", "moderate"})
_ROW = t.duplicate_check.c


def warn(node: Node) -> int:
    """Look for records like the one that waits longest; open a task where there are some. 0 when none waits.

    A search only reads: nobody who writes waits for it. One process searches at a time.
    """
    with transaction(node.engine, write=False) as conn:
        work = OwnWork(conn, node.keys, node.clock, node.settings)
        name = _next(conn) if is_first(conn, "duplicates") else None
        if name is None:
            return 0
        record = work.documents.get(name)
        alike = record is not None and usable(record) and has_like(work, record)
    with transaction(node.engine) as conn:
        if _take(conn, name) and alike:
            tasks.add(OwnWork(conn, node.keys, node.clock, node.settings), kind=KIND, subject=name)
    return 1


def has_like(work: Work, record: Document) -> bool:
    """Tell whether another record may be about the same person, and nobody decided that it is not."""
    query: dict[str, Any] = {}
    for entry in record.body["contributions"]:
        for name in entry["sections"].keys() & CATEGORIES:
            query[name] = merged(query.get(name, {}), entry["sections"][name])
    scores = scored(work, query, {record.type}, reach=_REACH)
    like = {name: found for name, found in scores.items() if found.band in _ALIKE and name != record.id}
    for name in not_same(work.conn, record.id) if like else ():
        like.pop(name, None)
    return any(usable(one.record) for one in best(work, like, limit=_LOOKED_AT))


def _next(conn: Connection) -> str | None:
    return conn.scalar(select(_ROW.document_id).order_by(_ROW.at, _ROW.document_id).limit(1))


def _take(conn: Connection, name: str) -> bool:
    """Remove what still waits; an erasure may have been quicker."""
    return conn.execute(delete(t.duplicate_check).where(_ROW.document_id == name)).rowcount == 1
