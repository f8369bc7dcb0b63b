"""Rows of tasks. What a task knows besides its subject is sealed, and goes when its subject is erased."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, bindparam, false, insert, or_, select, tuple_, update

from mpex_server import office
from mpex_server.disclosures.work import Work
from mpex_server.keys import KeyProvider, sealing
from mpex_server.kit import strict_json
from mpex_server.kit.clock import instant, parse_instant
from mpex_server.kit.ids import new_id
from mpex_server.storage import tables as t
from mpex_server.storage.documents import Document
from mpex_server.storage.prepared import Prepared
from mpex_server.tasks import kinds
from mpex_server.tasks.kinds import KINDS

MOST = 1000
"""Tasks in one list that has no pages."""
OPEN, DONE = "open", "done"
USE = "task"
"""What the bodies of tasks are sealed for."""
_ROW = t.task.c
_NEW = Prepared(insert(t.task), "id", "kind", "document_id", "due_at", "state", "body")
_ABOUT = (_ROW.document_id == bindparam("subject")) & (_ROW.kind == bindparam("of_kind"))
_CLOSE_OTHERS = Prepared(
    update(t.task).where(_ABOUT, _ROW.state == OPEN, _ROW.due_at != bindparam("due")).values(state=DONE)
)
_DUE = Prepared(select(_ROW.id).where(_ABOUT, _ROW.due_at == bindparam("due")))


@dataclass(frozen=True, slots=True)
class Task:
    """One task; `details` holds `createdAt` and whatever its kind knows, as `partner` and `purpose`."""

    id: str
    kind: str
    subject: str
    due_at: str
    escalated_at: str | None
    state: str
    details: dict[str, Any]

    @property
    def position(self) -> dict[str, str]:
        """Where a listing goes on after this task."""
        return {"due": self.due_at, "id": self.id}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a listing shows: one kind, the work of one role, or what is overdue; all of it by default.

    Kinds that are `withheld` never show: by default those that tell of a death.
    """

    kind: str | None = None
    role: str | None = None
    overdue: bool = False
    withheld: frozenset[str] = kinds.withheld(frozenset())


def add(work: Work, *, kind: str, subject: str, due_at: str | None = None, **details: Any) -> str:
    """Open a task of a kind of `KINDS` on a document and return its identifier.

    It is due as its kind says unless `due_at` says otherwise; the details are sealed.
    """
    now, task_id = work.now(), new_id("task")
    content = strict_json.dumps(details | {"createdAt": instant(now)})
    values = {
        "id": task_id,
        "kind": kind,
        "document_id": subject,
        "due_at": due_at or instant(KINDS[kind].due(office.of(work.settings), now)),
        "state": OPEN,
        "body": sealing.seal(work.keys, USE, content, task_id.encode()),
    }
    _NEW.change(work.conn, **values)
    return task_id


def move(work: Work, document: Document, *, kind: str, due_at: str | None) -> None:
    """Let the one open task of a kind on a document be due then; None closes it.

    What a person closed stays closed until it would be due at another time. On a first version there is none.
    """
    named = {"subject": document.id, "of_kind": kind, "due": due_at or ""}
    if document.version > 1:
        _CLOSE_OTHERS.change(work.conn, **named)
    if due_at and _DUE.first(work.conn, **named) is None:
        add(work, kind=kind, subject=document.id, due_at=due_at)


def find(conn: Connection, keys: KeyProvider, task_id: str) -> Task | None:
    """Return a task, or None."""
    row = conn.execute(select(t.task).where(_ROW.id == task_id)).one_or_none()
    return None if row is None else _task(keys, row)


def waiting(
    conn: Connection,
    keys: KeyProvider,
    *,
    now: str,
    limit: int,
    after: dict[str, Any] | None = None,
    wanted: Wanted = Wanted(),
) -> list[Task]:
    """Return open tasks, due first; a hidden kind shows only as long before as it says."""
    where = and_(_ROW.state == OPEN, _shows(now), *_narrowed(wanted, now))
    statement = select(t.task).where(where).order_by(_ROW.due_at, _ROW.id).limit(limit)
    if after is not None:
        statement = statement.where(tuple_(_ROW.due_at, _ROW.id) > tuple_(after["due"], after["id"]))
    return [_task(keys, row) for row in conn.execute(statement)]


def _shows(now: str) -> ColumnElement[bool]:
    spans = set(kinds.HIDDEN.values())
    near = [
        _ROW.kind.in_([name for name, span in kinds.HIDDEN.items() if span == ahead])
        & (_ROW.due_at <= instant(parse_instant(now) + ahead))
        for ahead in sorted(spans)
    ]
    return or_(_ROW.kind.not_in(kinds.HIDDEN), *near)


def _narrowed(wanted: Wanted, now: str) -> Iterator[ColumnElement[bool]]:
    yield _ROW.kind.not_in(wanted.withheld)
    if wanted.kind is not None:
        yield _ROW.kind == wanted.kind
    if wanted.overdue:
        yield _ROW.due_at <= now
    if wanted.role is not None:
        escalated = _ROW.escalated_at.is_not(None) if wanted.role == kinds.SUPERIOR else false()
        yield or_(_ROW.kind.in_(kinds.of_role(wanted.role)), escalated)


def escalate(conn: Connection, now: str, *, limit: int) -> list[str]:
    """Hand up to `limit` overdue tasks to the superior role and return the identifiers."""
    where = (_ROW.state == OPEN) & (_ROW.due_at <= now) & _ROW.escalated_at.is_(None)
    late = select(_ROW.id).where(where, _ROW.kind.in_(kinds.ESCALATING)).order_by(_ROW.due_at).limit(limit)
    found = list(conn.scalars(late.with_for_update(skip_locked=True)))
    conn.execute(update(t.task).where(_ROW.id.in_(found)).values(escalated_at=now))
    return found


def open_of(conn: Connection, keys: KeyProvider, subject: str, kind: str) -> list[Task]:
    """Return the open tasks of one kind on a document; they stay open until the transaction ends."""
    where = (_ROW.document_id == subject) & (_ROW.kind == kind) & (_ROW.state == OPEN)
    held = select(t.task).where(where).order_by(_ROW.id).with_for_update()
    return [_task(keys, row) for row in conn.execute(held)]


def due_before(conn: Connection, kind: str, moment: str, *, limit: int) -> list[str]:
    """Return up to `limit` documents on which an open task of one kind was due at a moment, or before."""
    where = (_ROW.kind == kind) & (_ROW.state == OPEN) & (_ROW.due_at <= moment)
    late = select(_ROW.document_id).where(where).order_by(_ROW.due_at, _ROW.id).limit(limit)
    return list(conn.scalars(late.with_for_update(skip_locked=True)))


def open_among(conn: Connection, keys: KeyProvider, subjects: Iterable[str], kind: str) -> list[Task]:
    """Return the open tasks of one kind on any of the documents."""
    where = _ROW.document_id.in_(list(subjects)) & (_ROW.kind == kind) & (_ROW.state == OPEN)
    return [_task(keys, row) for row in conn.execute(select(t.task).where(where))]


def hold(conn: Connection, task_ids: Iterable[str]) -> None:
    """Wait for whoever changes these tasks or what is tied to them, and make others wait."""
    conn.execute(select(_ROW.id).where(_ROW.id.in_(list(task_ids))).order_by(_ROW.id).with_for_update()).all()


def close(conn: Connection, task_id: str) -> bool:
    """Mark a task as done; False when it was done before, or meanwhile."""
    closing = update(t.task).where(_ROW.id == task_id, _ROW.state == OPEN).values(state=DONE)
    return conn.execute(closing).rowcount == 1


def note(conn: Connection, keys: KeyProvider, task: Task, kept: dict[str, Any]) -> Task:
    """Add to the sealed details of a task, and return it."""
    details = task.details | kept
    body = sealing.seal(keys, USE, strict_json.dumps(details), task.id.encode())
    conn.execute(update(t.task).where(_ROW.id == task.id).values(body=body))
    return replace(task, details=details)


def close_of(conn: Connection, subject: str, kind: str) -> None:
    """Mark every task of one kind on a document as done."""
    where = (_ROW.document_id == subject) & (_ROW.kind == kind)
    conn.execute(update(t.task).where(where).values(state=DONE))


def close_all(conn: Connection, subject: str) -> None:
    """Mark every task on a document as done."""
    conn.execute(update(t.task).where(_ROW.document_id == subject).values(state=DONE))


def _task(keys: KeyProvider, row: Any) -> Task:
    details = strict_json.loads(sealing.unseal(keys, USE, row.body, row.id.encode())) if row.body else {}
    return Task(row.id, row.kind, row.document_id, row.due_at, row.escalated_at, row.state, details)
