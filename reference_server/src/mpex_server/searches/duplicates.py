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
from mpex_server.searches.candidates import best, scored
from mpex_server.storage import tables as t
from mpex_server.storage.documents import Document
from mpex_server.storage.engine import transaction
from mpex_server.tasks import repository as tasks

KIND = "possibleDuplicate"
BATCH = 20
_LOOKED_AT = 20
_ALIKE = frozenset({"strong", "moderate"})
_ROW = t.duplicate_check.c


def warn(node: Node) -> int:
    """Look for records like those registered lately; open a task where there are some. Return how many.

    The searches are long and only read: nobody who writes waits for them.
    """
    with transaction(node.engine, write=False) as conn:
        work = OwnWork(conn, node.keys, node.clock, node.settings)
        names = _next(conn)
        records = work.documents.many(names)
        alike = [record.id for record in records if usable(record) and _has_like(work, record)]
    with transaction(node.engine) as conn:
        work = OwnWork(conn, node.keys, node.clock, node.settings)
        taken = _take(conn, names)
        for name in taken.intersection(alike):
            tasks.add(work, kind=KIND, subject=name)
    return len(taken)


def _next(conn: Connection) -> list[str]:
    return list(conn.scalars(select(_ROW.document_id).order_by(_ROW.at, _ROW.document_id).limit(BATCH)))


def _take(conn: Connection, names: list[str]) -> set[str]:
    """Remove what is still waiting; another process, or an erasure, may have been quicker."""
    taking = delete(t.duplicate_check).where(_ROW.document_id.in_(names)).returning(_ROW.document_id)
    return set(conn.scalars(taking))


def _has_like(work: Work, record: Document) -> bool:
    passed_over = {record.id, *not_same(work.conn, record.id)}
    query: dict[str, Any] = {}
    for entry in record.body["contributions"]:
        for name in entry["sections"].keys() & CATEGORIES:
            query[name] = merged(query.get(name, {}), entry["sections"][name])
    like = {
        name: found
        for name, found in scored(work, query, {record.type}).items()
        if found.band in _ALIKE and name not in passed_over
    }
    return any(usable(one.record) for one in best(work, like, limit=_LOOKED_AT))
