"""Queries of partners kept for silent hits: sealed under keys of their own, shredded when no task needs them.

A kept query is found by the partner that asked and the identifier that it gave its search, and by the tasks
that it is tied to. The recall of a query shreds it and closes the tasks that no other query is tied to, so
that no news follows.
"""

from typing import Any

from sqlalchemy import Connection

from mpex_server.kit.ids import new_id
from mpex_server.storage import links
from mpex_server.storage.documents import Document, Documents
from mpex_server.tasks import repository

KIND = "keptQuery"
_SEARCH, _TASK = "search", "task"


def keep(conn: Connection, documents: Documents, *, partner: str, search: str, body: dict[str, Any]) -> str:
    """Keep the query of a search that fits a living person; return the identifier it is kept under."""
    kept = documents.create(new_id("query"), body, kind=KIND, type="query", status="open", owner=partner)
    links.link(conn, kept.id, _SEARCH, search)
    return kept.id


def tie(conn: Connection, query_id: str, task_id: str) -> None:
    """Tie a kept query to a task."""
    links.link(conn, query_id, _TASK, task_id)


def of_search(conn: Connection, documents: Documents, *, partner: str, search: str) -> list[Document]:
    """Return what is still kept of a partner's search."""
    found = documents.many(links.linked_to(conn, search, _SEARCH))
    return [query for query in found if query.kind == KIND and query.owner == partner]


def of_task(conn: Connection, documents: Documents, task_id: str) -> list[Document]:
    """Return the queries that wait for a task."""
    return documents.many(links.linked_to(conn, task_id, _TASK))


def search_of(conn: Connection, query: Document) -> str:
    """Return the identifier that the partner gave its search."""
    (search,) = links.linked_from(conn, query.id, _SEARCH)
    return search


def drop(conn: Connection, documents: Documents, query: Document) -> None:
    """Shred a query and close the tasks that no other query is tied to."""
    task_ids = links.linked_from(conn, query.id, _TASK)
    repository.hold(conn, task_ids)
    documents.erase(query.id)
    for task_id in task_ids:
        if not links.linked_to(conn, task_id, _TASK):
            repository.close(conn, task_id)


def untie(conn: Connection, documents: Documents, query: Document, task_id: str) -> None:
    """Take a finished task from a query, and shred the query once no other task needs it."""
    if links.linked_from(conn, query.id, _TASK) == [task_id]:
        documents.erase(query.id)
    else:
        links.unlink(conn, query.id, _TASK, task_id)
