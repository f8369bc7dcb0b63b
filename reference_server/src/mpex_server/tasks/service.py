"""What ends a task: a person who says so, or the choice that turns a silent hit into news (CASE-004)."""

from collections.abc import Collection
from dataclasses import replace
from typing import Any

from mpex_server.disclosures.decision import may_be_minor
from mpex_server.disclosures.work import Work
from mpex_server.errors import Fault, Problem, not_found
from mpex_server.kit.clock import instant
from mpex_server.kit.ids import new_id
from mpex_server.recalls import outbox
from mpex_server.storage import links
from mpex_server.storage.documents import Document
from mpex_server.tasks import kept_queries, repository
from mpex_server.tasks.kinds import BY_HAND, KINDS, SUPERIOR
from mpex_server.tasks.repository import Task

KIND = "personChoice"
_PERSON = "person"
_NOTHING = "nothing"
_WITH_MESSAGE = frozenset({"contact", "messageOnly"})
Json = dict[str, Any]


def choose(work: Work, record: str, choice: Json) -> Document:
    """Record the choice and send the news that it allows; raises Problem.

    With a task it answers whoever waits for that task; without one it changes what was chosen before, for
    everybody who was answered then (SRCH-015).
    """
    person = work.documents.get(record, _PERSON)
    if person is None or person.erased_at is not None:
        raise not_found()
    if choice["decidedBy"] == "person" and may_be_minor(person, work.now()):
        text = "is not for whoever may be a child; decide in the child's best interests"
        raise Problem("ruleViolation", faults=[Fault("/decidedBy", text)])
    made = choice | {"at": choice.get("at", instant(work.now()))}
    if "task" in choice:
        _answer_waiting(work, record, made)
    else:
        _answer_anew(work, record, made)
    document = work.documents.create(new_id("choice"), made, kind=KIND, type=KIND, status="recorded")
    links.link(work.conn, document.id, _PERSON, record)
    return document


def _answer_waiting(work: Work, record: str, choice: Json) -> None:
    task = repository.find(work.conn, work.keys, choice["task"])
    if task is None or task.kind != "silentHit" or task.subject != record:
        raise Problem("ruleViolation", faults=[Fault("/task", "is no task of a silent hit on this person")])
    if not repository.close(work.conn, task.id):
        raise Problem("conflict", "A choice was recorded before, or the asker has withdrawn its query.")
    for query in kept_queries.of_task(work, task.id):
        if choice["mayTell"] != _NOTHING:
            _tell(work, query, _allowed(choice))
        kept_queries.answered(work, query, task.id, record, choice["mayTell"])


def _answer_anew(work: Work, record: str, choice: Json) -> None:
    before = kept_queries.of_person(work, record)
    if not before:
        raise Problem("conflict", "Nobody was answered before; a first choice names its task.")
    for query in before:
        if choice["mayTell"] != _NOTHING:
            _tell(work, query, _allowed(choice))
        elif query.body["told"] != _NOTHING:
            _tell(work, query, {"retracted": True})
        kept_queries.told(work, query, choice["mayTell"])


def find(work: Work, task_id: str, withheld: Collection[str]) -> Task:
    """Return a task, but of no kind that is withheld from who asks; raises Problem `notFound`."""
    task = repository.find(work.conn, work.keys, task_id)
    if task is None or task.kind in withheld:
        raise not_found()
    return task


def complete(work: Work, task: Task, note: str | None, *, by: str, roles: Collection[str]) -> Task:
    """Close a task because a person whose work it is, or a superior, says that it is done.

    Raises Problem: `conflict`, or `actionNotAllowed` for the work of others.
    """
    kind = KINDS[task.kind]
    if kind.ends_with != BY_HAND:
        raise Problem("conflict", "A task of this kind ends with the act that it asks for.")
    if not (kind.roles | {SUPERIOR}) & set(roles):
        raise Problem("actionNotAllowed", "The task is the work of another role.")
    if by in task.details.get("notBy", ()):
        raise Problem("conflict", "You decided on what is to be reviewed; somebody else must close the task.")
    if not repository.close(work.conn, task.id):
        raise Problem("conflict", "The task is done already.")
    kept = {"doneBy": by, "doneAt": instant(work.now())} | ({} if note is None else {"note": note})
    return repository.note(work.conn, work.keys, replace(task, state=repository.DONE), kept)


def view(task: Task) -> Json:
    """Return a task (task.json)."""
    shown = ("partner", "purpose", "breaches", "createdAt", "doneAt", "doneBy", "note")
    body = {"taskId": task.id, "kind": task.kind, "state": task.state, "subject": task.subject}
    body |= {name: task.details[name] for name in shown if name in task.details} | {"dueAt": task.due_at}
    return body if task.escalated_at is None else body | {"escalatedAt": task.escalated_at}


def _allowed(choice: Json) -> Json:
    """Return what the choice lets the asker learn."""
    message = {"message": choice["message"]} if "message" in choice else {}
    return {"choice": choice["mayTell"]} | (message if choice["mayTell"] in _WITH_MESSAGE else {})


def _tell(work: Work, query: Document, told: Json) -> None:
    search = kept_queries.search_of(work, query)
    outbox.enqueue(
        work,
        partner=str(query.owner),
        event_type="news",
        subject=search,
        purpose=query.body["purpose"],
        event={"searchId": search} | told,
    )
