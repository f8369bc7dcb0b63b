"""Routes of tasks and of a located person's choice."""

from functools import partial

from mpex_server.errors import not_found
from mpex_server.http.call import Reply
from mpex_server.http.context import Context
from mpex_server.http.operations import operation
from mpex_server.kit.clock import instant
from mpex_server.storage.documents import Document
from mpex_server.tasks import icalendar, kinds, repository, service
from mpex_server.tasks.repository import Task


@operation("listTasks")
def list_tasks(ctx: Context) -> Reply:
    """List what waits for a person, due first."""
    waiting = partial(repository.waiting, ctx.conn, ctx.keys, now=instant(ctx.now()), wanted=_wanted(ctx))
    return Reply(body=ctx.listed(waiting, service.view))


@operation("getTaskCalendar")
def get_task_calendar(ctx: Context) -> Reply:
    """Return the due times of what waits, as an iCalendar."""
    found = repository.waiting(
        ctx.conn, ctx.keys, now=instant(ctx.now()), limit=repository.MOST, wanted=_wanted(ctx)
    )
    ctx.audit("read", candidates=[task.id for task in found])
    return Reply(body=icalendar.calendar(found, ctx.now()), media_type=icalendar.MEDIA_TYPE)


def _completed_before(ctx: Context, task_id: str) -> Reply:
    return _completed(service.find(ctx, task_id, _withheld(ctx)))


@operation("completeTask", replay=_completed_before)
def complete_task(ctx: Context) -> Reply:
    """Close a task of a kind that ends when a person says so."""
    who = ctx.principal
    task = service.find(ctx, ctx.path["taskId"], _withheld(ctx))
    done = service.complete(ctx, task, ctx.body.get("note"), by=who.person, roles=who.roles)
    ctx.audit("taskDone", candidates=[task.id])
    return _completed(done)


def _chosen_before(ctx: Context, choice_id: str) -> Reply:
    document = ctx.documents.get(choice_id, service.KIND)
    if document is None:
        raise not_found()
    return _chosen(document)


@operation("recordPersonChoice", replay=_chosen_before)
def record_person_choice(ctx: Context) -> Reply:
    """Record what a located person wishes others to learn."""
    document = service.choose(ctx, ctx.path["recordId"], ctx.body)
    ctx.audit("choice", subject=document)
    return _chosen(document)


def _chosen(document: Document) -> Reply:
    return Reply(201, document.body, document_id=document.id)


def _completed(task: Task) -> Reply:
    return Reply(200, service.view(task), document_id=task.id)


def _wanted(ctx: Context) -> repository.Wanted:
    query = ctx.query
    overdue = query.get("overdue") == "true"
    return repository.Wanted(query.get("kind"), query.get("role"), overdue, _withheld(ctx))


def _withheld(ctx: Context) -> frozenset[str]:
    return kinds.withheld(ctx.principal.actions, ctx.principal.roles)
