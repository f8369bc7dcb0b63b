"""Commands of the operator on tasks: how much waits and until when, and nothing about anybody."""

from collections import Counter
from pathlib import Path
from typing import Annotated

import typer
from mpex_spec import codelist

from mpex_server.kit.clock import instant
from mpex_server.setup import command
from mpex_server.setup.command import Folder
from mpex_server.tasks import icalendar, repository


def tasks(
    directory: Folder,
    kind: Annotated[str | None, typer.Option(help="Only tasks of this kind.")] = None,
    role: Annotated[str | None, typer.Option(help="Only the work of this role.")] = None,
    overdue: Annotated[bool, typer.Option("--overdue", help="Only what is overdue.")] = False,
    ics: Annotated[Path | None, typer.Option(help="Write the due times to this iCalendar file.")] = None,
) -> None:
    """Print how many tasks of each kind wait, and each with its due time, due first."""
    for name, value, known in (("--kind", kind, "taskKinds"), ("--role", role, "staffRoles")):
        if value is not None and value not in codelist(known):
            raise typer.BadParameter(f"is no code of {known}", param_hint=name)
    with command.work(directory) as work:
        wanted = repository.Wanted(kind=kind, role=role, overdue=overdue)
        now = work.now()
        found = repository.waiting(
            work.conn, work.keys, now=instant(now), limit=repository.MOST, wanted=wanted
        )
        command.log(work, "read")
    if ics is not None:
        ics.write_text(icalendar.calendar(found, now), encoding="utf-8", newline="")
    late = Counter(task.kind for task in found if task.due_at <= instant(now))
    for name, count in sorted(Counter(task.kind for task in found).items()):
        typer.echo(f"{name}: {count} waiting, {late[name]} overdue")
    for task in found:
        mark = "!" if task.due_at <= instant(now) else " "
        typer.echo(f"{mark} {task.due_at}  {task.kind}  {task.id}")
