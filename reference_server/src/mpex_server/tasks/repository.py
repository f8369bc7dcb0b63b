"""Rows of tasks. What a task knows besides its subject is sealed, and goes when its subject is erased."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import Connection, insert, or_, select, tuple_, update

from mpex_server.keys import KeyProvider
from mpex_server.kit import aead, strict_json
from mpex_server.kit.ids import new_id
from mpex_server.storage import tables as t

Kind = Literal["silentHit", "releaseRequest", "overdueRecall"]
OPEN, DONE = "open", "done"
_ROW = t.task.c


@dataclass(frozen=True, slots=True)
class Task:
    """One task; `details` holds `createdAt` and, where there is one, `partner`, `purpose` and `search`."""

    id: str
    kind: Kind
    subject: str
    due_at: str
    state: str
    details: dict[str, Any]

    @property
    def position(self) -> dict[str, str]:
        """Where a listing goes on after this task."""
        return {"due": self.due_at, "id": self.id}


def add(
    conn: Connection, keys: KeyProvider, *, kind: Kind, subject: str, due_at: str, details: dict[str, Any]
) -> str:
    """Open a task on a document and return its identifier."""
    task_id = new_id("task")
    body = aead.seal(_key(keys), strict_json.dumps(details), task_id.encode())
    values = {
        "id": task_id,
        "kind": kind,
        "document_id": subject,
        "due_at": due_at,
        "state": OPEN,
        "body": body,
    }
    conn.execute(insert(t.task).values(values))
    return task_id


def find(conn: Connection, keys: KeyProvider, task_id: str) -> Task | None:
    """Return a task, or None."""
    row = conn.execute(select(t.task).where(_ROW.id == task_id)).one_or_none()
    return None if row is None else _task(keys, row)


def waiting(
    conn: Connection, keys: KeyProvider, *, now: str, limit: int, after: dict[str, Any] | None
) -> list[Task]:
    """Return open tasks, due first; one on an overdue recall shows only once the recall is overdue."""
    shown = or_(_ROW.kind != "overdueRecall", _ROW.due_at <= now)
    statement = select(t.task).where(_ROW.state == OPEN, shown).order_by(_ROW.due_at, _ROW.id).limit(limit)
    if after is not None:
        statement = statement.where(tuple_(_ROW.due_at, _ROW.id) > tuple_(after["due"], after["id"]))
    return [_task(keys, row) for row in conn.execute(statement)]


def open_of(conn: Connection, keys: KeyProvider, subject: str, kind: Kind) -> list[Task]:
    """Return the open tasks of one kind on a document; they stay open until the transaction ends."""
    where = (_ROW.document_id == subject) & (_ROW.kind == kind) & (_ROW.state == OPEN)
    held = select(t.task).where(where).order_by(_ROW.id).with_for_update()
    return [_task(keys, row) for row in conn.execute(held)]


def hold(conn: Connection, task_ids: Iterable[str]) -> None:
    """Wait for whoever changes these tasks or what is tied to them, and make others wait."""
    conn.execute(select(_ROW.id).where(_ROW.id.in_(list(task_ids))).order_by(_ROW.id).with_for_update()).all()


def close(conn: Connection, task_id: str) -> bool:
    """Mark a task as done; False when it was done before, or meanwhile."""
    closing = update(t.task).where(_ROW.id == task_id, _ROW.state == OPEN).values(state=DONE)
    return conn.execute(closing).rowcount == 1


def close_of(conn: Connection, subject: str, kind: Kind) -> None:
    """Mark every task of one kind on a document as done."""
    where = (_ROW.document_id == subject) & (_ROW.kind == kind)
    conn.execute(update(t.task).where(where).values(state=DONE))


def _task(keys: KeyProvider, row: Any) -> Task:
    details = strict_json.loads(aead.unseal(_key(keys), row.body, row.id.encode())) if row.body else {}
    return Task(row.id, row.kind, row.document_id, row.due_at, row.state, details)


def _key(keys: KeyProvider) -> bytes:
    return aead.mac(keys.secret("audit"), "task")
