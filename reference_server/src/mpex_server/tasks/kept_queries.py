"""Queries of partners kept for silent hits: sealed under keys of their own, shredded when no task needs them.

A kept query is found by the partner that asked and the identifier that it gave its search, and by the tasks
that it is tied to. The recall of a query shreds it and closes the tasks that no other query is tied to, so
that no news follows. Once the person has chosen, only who asked is kept, so that a later choice reaches them.
Both go at the `deleteBy` of the query (SRCH-013).
"""

from datetime import datetime, timedelta
from typing import Any

from mpex_server.audit import leaves
from mpex_server.disclosures.work import OwnWork, Work
from mpex_server.kit.clock import instant
from mpex_server.kit.ids import new_id
from mpex_server.node import Node
from mpex_server.storage import ends, links
from mpex_server.storage.documents import Document
from mpex_server.storage.engine import transaction
from mpex_server.tasks import repository

KIND, ANSWERED, STANDING = "keptQuery", "answeredQuery", "standingQuery"
_KINDS = (KIND, ANSWERED, STANDING)
SWEEP = 100
_LONGEST = timedelta(days=90)
_SEARCH, _TASK, _PERSON = "search", "task", "person"
Json = dict[str, Any]


def end(terms: Json, now: datetime) -> str:
    """Return when a query has to be gone: at its `deleteBy`, and after 90 days at the latest."""
    latest = instant(now + _LONGEST)
    return min(str(terms.get("deleteBy", latest)), latest)


def keep(work: Work, *, partner: str, search: str, body: Json, until: str) -> str:
    """Keep the query of a search that fits a living person; return the identifier it is kept under.

    A standing query, which is asked anew each day, is kept for its tasks but once.
    """
    told = body | {"until": until}
    for known in of_search(work, partner=partner, search=search):
        if known.kind == KIND and known.body | {"until": until} == told:
            return known.id
    return _kept(work, KIND, partner, search, body, until).id


def keep_standing(work: Work, *, partner: str, search: str, body: Json, until: str) -> None:
    """Keep a query that is asked anew each day until its end."""
    _kept(work, STANDING, partner, search, body, until)


def tie(work: Work, query_id: str, task_id: str) -> None:
    """Tie a kept query to a task."""
    links.link(work.conn, query_id, _TASK, task_id)


def of_search(work: Work, *, partner: str, search: str) -> list[Document]:
    """Return what is still kept of a partner's search."""
    found = work.documents.many(links.linked_to(work.conn, search, _SEARCH))
    return [query for query in found if query.kind in _KINDS and query.owner == partner]


def of_task(work: Work, task_id: str) -> list[Document]:
    """Return the queries that wait for a task."""
    return work.documents.many(links.linked_to(work.conn, task_id, _TASK))


def of_person(work: Work, person: str) -> list[Document]:
    """Return who was answered by an earlier choice of a person."""
    found = work.documents.many(links.linked_to(work.conn, person, _PERSON), to_change=True)
    return [query for query in found if query.kind == ANSWERED]


def answered_for(work: Work, *, partner: str, search: str) -> set[str]:
    """Return the persons who have chosen what may be told upon this search."""
    found = of_search(work, partner=partner, search=search)
    chosen = (entry.id for entry in found if entry.kind == ANSWERED)
    return {person for name in chosen for person in links.linked_from(work.conn, name, _PERSON)}


def search_of(work: Work, query: Document) -> str:
    """Return the identifier that the partner gave its search."""
    (search,) = links.linked_from(work.conn, query.id, _SEARCH)
    return search


def drop(work: Work, query: Document) -> None:
    """Shred a query and close the tasks that no other query is tied to."""
    task_ids = links.linked_from(work.conn, query.id, _TASK)
    repository.hold(work.conn, task_ids)
    _erase(work, query.id)
    for task_id in task_ids:
        if not links.linked_to(work.conn, task_id, _TASK):
            repository.close(work.conn, task_id)


def answered(work: Work, query: Document, task_id: str, person: str, choice: str) -> None:
    """Take a finished task from a query, which goes once no other needs it; keep who was told what."""
    search, until, body = search_of(work, query), query.body["until"], query.body
    told = {"purpose": body["purpose"], "told": choice, "until": until}
    if links.linked_from(work.conn, query.id, _TASK) == [task_id]:
        _erase(work, query.id)
    else:
        links.unlink(work.conn, query.id, _TASK, task_id)
    kept = _kept(work, ANSWERED, str(query.owner), search, told, until)
    links.link(work.conn, kept.id, _PERSON, person)


def forget(work: Work, person: str) -> None:
    """Shred the queries that wait for one person only, and who was told of an earlier choice."""
    for task in repository.open_of(work.conn, work.keys, person, "silentHit"):
        for query in of_task(work, task.id):
            links.unlink(work.conn, query.id, _TASK, task.id)
            if query.kind == KIND and not links.linked_from(work.conn, query.id, _TASK):
                _erase(work, query.id)
    for query in of_person(work, person):
        _erase(work, query.id)


def told(work: Work, query: Document, choice: str) -> None:
    """Record that the asker has been told of another choice."""
    work.documents.replace(query, query.body | {"told": choice}, reason="choice", actor=work.settings.node_id)


def drop_ended(node: Node) -> int:
    """Shred some of the queries that have to be gone, with one log entry; return how many there were."""
    with transaction(node.engine) as conn:
        work = OwnWork(conn, node.keys, node.clock, node.settings)
        now = instant(work.now())
        names = ends.ended(conn, _KINDS, now, limit=SWEEP)
        for query in work.documents.many(names):
            drop(work, query)
        if names:
            who = node.settings.node_id
            leaves.write(conn, node.keys, at=now, event="erasure", outcome="expired", actor=who)
    return len(names)


def _kept(work: Work, kind: str, partner: str, search: str, body: Json, until: str) -> Document:
    name = new_id("query")
    kept = work.documents.create(
        name, body | {"until": until}, kind=kind, type="query", status="open", owner=partner
    )
    links.link(work.conn, kept.id, _SEARCH, search)
    ends.set_end(work.conn, kept.id, until)
    return kept


def _erase(work: Work, query_id: str) -> None:
    work.documents.erase(query_id)
    ends.forget_end(work.conn, query_id)
