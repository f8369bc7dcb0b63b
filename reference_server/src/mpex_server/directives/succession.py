"""Death of whoever gave a directive: it is frozen until the directive of a successor speaks in its place."""

from typing import Any

from mpex_server.custody import withdrawals
from mpex_server.directives import review
from mpex_server.directives.service import DIRECTIVES
from mpex_server.disclosures.work import Work
from mpex_server.domain.directives import Directive
from mpex_server.errors import Fault, Problem
from mpex_server.kit.clock import instant
from mpex_server.recalls import causes
from mpex_server.storage import links
from mpex_server.storage.documents import Document
from mpex_server.tasks import repository as tasks

SUCCESSOR = "successor"
"""Relation from a frozen directive to its successor's, and kind of the task to find one."""
_FROZEN = "frozenAt"
_OF_THE_DEAD = (_FROZEN, "succeededBy")
Json = dict[str, Any]


def freeze(work: Work, directive: Document, asked: Json, *, actor: str) -> Document:
    """Freeze a directive and open the task to find a successor (CONS-012, CONS-015); raises Problem."""
    if not _read(directive).giver_may_die:
        fault = Fault("", "was given by the person itself, or by an office; neither is succeeded")
        raise Problem("ruleViolation", faults=[fault])
    if _FROZEN in directive.body:
        raise Problem("conflict", "The directive is frozen.")
    return _freeze(work, directive, moment(work, asked), actor=actor)


def take_death(work: Work, directive: Document, at: str, *, actor: str) -> None:
    """Freeze a directive because the other side of a transfer did (CUST-017); once, and only if it can be."""
    if may_freeze(directive):
        _freeze(work, directive, min(at, instant(work.now())), actor=actor)


def arrive(work: Work, directive: Document, given: Json, *, actor: str) -> None:
    """Enter the death and the successor that came with a record, and ask for one that is missing."""
    told = {name: given[name] for name in _OF_THE_DEAD if name in given and name not in directive.body}
    if told:
        body = directive.body | told
        directive = work.documents.replace(directive, body, reason="succession", actor=actor)
    if "succeededBy" in directive.body:
        links.link(work.conn, directive.id, SUCCESSOR, directive.body["succeededBy"])
        tasks.close_of(work.conn, directive.id, SUCCESSOR)
    elif _may_be_followed(directive) and not tasks.open_of(work.conn, work.keys, directive.id, SUCCESSOR):
        _ask_for_successor(work, directive)


def moment(work: Work, told: Json) -> str:
    """Return when somebody died, by default now; raises Problem for a day to come."""
    now = instant(work.now())
    at: str = told.get("at", now)
    if at > now:
        raise Problem("ruleViolation", faults=[Fault("/at", "lies in the future")])
    return at


def may_freeze(directive: Document) -> bool:
    """Tell whether a directive ends with whoever gave it, and is not frozen."""
    return _FROZEN not in directive.body and _read(directive).giver_may_die


def succeed(work: Work, directive: Document, asked: Json, *, actor: str) -> Document:
    """Record whose directive speaks in the place of a frozen one (CONS-013, CONS-014); raises Problem.

    What the successor denies is called back where it was given to somebody.
    """
    if not _may_be_followed(directive):
        raise Problem("conflict", "The directive is not frozen, or has a successor.")
    successor = work.documents.get(asked["directive"], DIRECTIVES.kind)
    if successor is None or not _can_succeed(successor, directive):
        text = "is no directive of this node for the same data subject that can still be followed"
        raise Problem("ruleViolation", faults=[Fault("/directive", text)])
    body = directive.body | {"succeededBy": successor.id}
    changed = work.documents.replace(directive, body, reason="succession", actor=actor)
    links.link(work.conn, directive.id, SUCCESSOR, successor.id)
    tasks.close_of(work.conn, directive.id, SUCCESSOR)
    for record_id in causes.records_under(work.conn, directive.id):
        record = work.documents.get(record_id)
        if record is not None and record.erased_at is None and "contributions" in record.body:
            causes.reconsider(work, record, actor=actor)
    return changed


def _freeze(work: Work, directive: Document, at: str, *, actor: str) -> Document:
    _ask_for_successor(work, directive)
    withdrawals.pass_on_freezing(work, directive.id, at, but_not=actor)
    body = directive.body | {"frozenAt": at}
    frozen = work.documents.replace(directive, body, reason="freeze", actor=actor)
    review.plan(work, frozen)
    return frozen


def _ask_for_successor(work: Work, directive: Document) -> None:
    tasks.add(work, kind=SUCCESSOR, subject=directive.id)


def _may_be_followed(directive: Document) -> bool:
    return _FROZEN in directive.body and "succeededBy" not in directive.body


def _can_succeed(successor: Document, directive: Document) -> bool:
    """Tell whether it is another directive of the subject and not frozen, so that none is in a circle."""
    same_subject = successor.body["dataSubject"] == directive.body["dataSubject"]
    return same_subject and successor.id != directive.id and _FROZEN not in successor.body


def _read(directive: Document) -> Directive:
    return Directive.from_document(directive.body | {"directiveId": directive.id})
