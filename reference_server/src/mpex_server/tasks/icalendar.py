"""Due times of tasks as an iCalendar (RFC 5545): kind, identifier and time, and nothing about anybody."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from mpex_spec import codelist

from mpex_server.kit.clock import instant
from mpex_server.tasks.repository import Task

MEDIA_TYPE = "text/calendar"
_MOST_OCTETS = 75


def calendar(tasks: Iterable[Task], now: datetime) -> str:
    """Return a calendar with one event for each task, at its due time."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//MPEX//mpex-server//EN", "METHOD:PUBLISH"]
    for task in tasks:
        lines += _event(task, _stamp(instant(now)))
    return "".join(_folded(line) for line in [*lines, "END:VCALENDAR"])


def _event(task: Task, made: str) -> list[str]:
    title = codelist("taskKinds")[task.kind]["title"]
    return [
        "BEGIN:VEVENT",
        f"UID:{_escaped(task.id)}",
        f"DTSTAMP:{made}",
        f"DTSTART:{_stamp(task.due_at)}",
        f"SUMMARY:{_escaped(title)}",
        f"CATEGORIES:{_escaped(task.kind)}",
        "CLASS:CONFIDENTIAL",
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
    ]


def _stamp(text: str) -> str:
    return text.replace("-", "").replace(":", "")


def _escaped(text: str) -> str:
    for character in "\\;,":
        text = text.replace(character, f"\\{character}")
    return text


def _folded(line: str) -> str:
    """Return the line with its end, cut where it is longer than the format allows (RFC 5545, 3.1)."""
    return "\r\n ".join(_pieces(line)) + "\r\n"


def _pieces(line: str) -> Iterator[str]:
    piece, room = "", _MOST_OCTETS
    for character in line:
        size = len(character.encode())
        if size > room:
            yield piece
            piece, room = "", _MOST_OCTETS - 1
        piece, room = piece + character, room - size
    yield piece
