"""Queries of partners kept for a silent hit: sealed under a key of their own, shredded when the task ends.

A kept query is the document of its search; it links to the tasks it is tied to. The recall of the query
shreds it and closes the tasks, so that no news follows.
"""

from typing import Any

from sqlalchemy import Connection

from mpex_server.storage import links
from mpex_server.storage.documents import Document, Documents
from mpex_server.tasks import repository

KIND = "keptQuery"
_TASK = "task"


def keep(documents: Documents, *, search_id: str, partner: str, body: dict[str, Any]) -> None:
    """Keep the query of a search that fits a living person."""
    documents.create(search_id, body, kind=KIND, type="query", status="open", owner=partner)


def tie(conn: Connection, search_id: str, task_id: str) -> None:
    """Tie a kept query to a task."""
    links.link(conn, search_id, _TASK, task_id)


def tasks_of(conn: Connection, search_id: str) -> list[str]:
    """Return the tasks that a kept query is tied to."""
    return links.linked_from(conn, search_id, _TASK)


def find(documents: Documents, search_id: str) -> Document | None:
    """Return a query that is still kept, or None."""
    document = documents.get(search_id, KIND)
    return None if document is None or document.erased_at is not None else document


def drop(conn: Connection, documents: Documents, search_id: str) -> None:
    """Shred a query and close every task tied to it."""
    for task_id in tasks_of(conn, search_id):
        repository.close(conn, task_id)
    documents.erase(search_id)
