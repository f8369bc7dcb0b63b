"""A request to erase waits, its subject out of use, until it is revoked or a second person confirms it (ERA).

The person, or who speaks for them, has the whole record erased; an enquirer has what was contributed under
its own directives erased, and nobody else is told why. A death of which the family was not told keeps the
record: only whoever confirms hears of it, and may know.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from mpex_server.disclosures.work import Work
from mpex_server.domain.directives import Directive
from mpex_server.erasures import erasing
from mpex_server.erasures.repository import ERASED, ERASES, KIND, REFUSED, REVOKED, WAITING, is_waiting
from mpex_server.errors import Problem
from mpex_server.http.context import Context
from mpex_server.identifications.repository import is_embargoed
from mpex_server.kit.clock import instant
from mpex_server.persons.service import PERSONS
from mpex_server.records import review
from mpex_server.records import service as records
from mpex_server.records.resource import Body, Reference, Resource, broken_rule
from mpex_server.storage import links
from mpex_server.storage.documents import Document
from mpex_server.tasks import repository as tasks

CONFIRMATION, PROTECTION = "erasureConfirmation", "protection"
_RESTRICTED = "restricted"
_OUTCOME = ("coercionCheck", "outcome")
# What only the node needs: the state of each document before, and the directives of the enquirer.
_INTERNAL = frozenset({"restores", "directives"})


def is_whole(body: Body) -> bool:
    """Tell whether a request is for the whole record: an enquirer disposes of own contributions only."""
    return bool(body["asker"] != "enquirer")


def revoke(ctx: Context, erasure_id: str) -> Document:
    """Bring what was to be erased back into use as it was (ERA-005)."""
    current = _waiting(ctx, erasure_id)
    _restore(ctx, current.body["restores"])
    return _ended(ctx, current, REVOKED)


def confirm(ctx: Context, erasure_id: str) -> Document:
    """Erase, or refuse to when somebody seems to be forced (ERA-002 to ERA-004, ERA-007, ERA-010)."""
    current, check = _waiting(ctx, erasure_id), ctx.body["coercionCheck"]
    if _took(current, ctx.principal.person):
        raise Problem("actionNotAllowed", "You took the request; somebody else must confirm it.")
    confirmed = {"confirmation": check, "confirmedBy": ctx.principal.person}
    if _is_forced(check):
        _protect(ctx, current.body["record"])
        return _ended(ctx, current, REFUSED, **confirmed)
    if check["outcome"] != "noSign":
        raise broken_rule((_OUTCOME, "must be `noSign`: speak with whoever asks, alone, before you confirm"))
    if not _has_waited(current, ctx.now()):
        raise Problem("conflict", "The waiting period, in which the request may be revoked, is not over.")
    if is_embargoed(ctx.conn, current.body["record"]):
        raise Problem("conflict", "A death of which the family was not told keeps the record here.")
    if not is_whole(current.body):
        _restore(ctx, current.body["restores"])
    erasing.carry_out(ctx, current.body)
    return _ended(ctx, current, ERASED, **confirmed, erasedAt=ctx.now_text())


def _prepare(ctx: Context, body: Body, _current: Document | None) -> Body:
    _require_person(body["record"])
    if is_whole(body) == ("searchRequest" in body):
        raise broken_rule((("searchRequest",), "goes with the asker `enquirer`, and with no other"))
    if is_waiting(ctx.conn, str(body.get("searchRequest", body["record"]))):
        raise Problem("conflict", "The same is asked for already.")
    restores = [body["record"]] if is_whole(body) else _own_directives(ctx, body)
    held = [document for document in ctx.documents.many(restores) if document.erased_at is None]
    state = REFUSED if _is_forced(body["coercionCheck"]) else WAITING
    ends_at = instant(ctx.now() + timedelta(days=ctx.settings.erasure_wait_days))
    made = {"state": state, "takenBy": ctx.principal.person, "endsAt": ends_at}
    internal = {} if is_whole(body) else {"directives": restores}
    return body | made | internal | {"restores": {document.id: document.status for document in held}}


def _require_person(record: str) -> None:
    """Refuse remains, which are evidence (ERA-006)."""
    if not record.startswith("person:"):
        raise broken_rule((("record",), "is not of a person; remains are evidence and stay"))


def _own_directives(work: Work, body: Body) -> list[str]:
    """Return the directives that the search request names and no other one for the person.

    What a court, a guardian or the person laid down is no enquirer's to dispose of, whoever names it.
    """
    request = work.documents.get(body["searchRequest"], "request")
    if request is None or request.erased_at is not None:
        return []
    if request.body["person"] != body["record"]:
        raise broken_rule((("searchRequest",), "is for another person"))
    others = [name for name in links.linked_to(work.conn, body["record"], "person") if name != request.id]
    theirs = {name for other in others for name in links.linked_from(work.conn, other, "directive")}
    named = work.documents.many(sorted(set(request.body.get("directives", ())) - theirs))
    own = [entry.id for entry in named if not Directive.from_document(entry.body).binds_whole_record]
    if not own:
        raise broken_rule((("searchRequest",), "names no directive of this enquirer alone"))
    return own


def _references(body: Body) -> Iterator[Reference]:
    if is_whole(body):
        yield Reference(("record",), ERASES, body["record"])
    else:
        yield Reference(("record",), "subject", body["record"])
        yield Reference(("searchRequest",), ERASES, body["searchRequest"])


def _stored(ctx: Context, document: Document) -> None:
    if document.version > 1:
        return
    _restrict(ctx, document.body["restores"])
    if document.status == REFUSED:
        _protect(ctx, document.body["record"])
    else:
        tasks.add(ctx, kind=CONFIRMATION, subject=document.id, due_at=document.body["endsAt"])


def _restrict(ctx: Context, statuses: dict[str, str]) -> None:
    """Put records or directives out of use (ERA-001, ERA-009)."""
    _set_statuses(ctx, dict.fromkeys(statuses, _RESTRICTED))


def _restore(ctx: Context, statuses: dict[str, str]) -> None:
    """Bring records or directives back into use, as far as a review that passed meanwhile allows it."""
    _set_statuses(ctx, statuses)
    for record in ctx.documents.many(sorted(statuses)):
        if record.kind == PERSONS.kind and record.erased_at is None:
            review.resume(ctx, record)


def _set_statuses(ctx: Context, statuses: dict[str, str]) -> None:
    for document in ctx.documents.many(sorted(statuses), to_change=True):
        status = statuses[document.id]
        body: dict[str, Any] = document.body
        if "status" in body:
            body["status"] = status
        if document.erased_at is None and document.status != status:
            actor = ctx.principal.client_id
            ctx.documents.replace(document, body, reason=records.UNSTATED, actor=actor, status=status)


def _protect(work: Work, record: str) -> None:
    tasks.add(work, kind=PROTECTION, subject=record)


def _is_forced(check: Body) -> bool:
    return bool(check["outcome"] == "sign")


def _took(erasure: Document, person: str) -> bool:
    return bool(erasure.body["takenBy"] == person)


def _has_waited(erasure: Document, now: datetime) -> bool:
    return bool(erasure.body["endsAt"] <= instant(now))


def _waiting(ctx: Context, erasure_id: str) -> Document:
    current = records.find(ctx, ERASURES, erasure_id)
    if current.status != WAITING:
        raise Problem("conflict", "The request has ended.")
    return current


def _ended(ctx: Context, current: Document, state: str, **members: Any) -> Document:
    tasks.close_of(ctx.conn, current.id, CONFIRMATION)
    body = {name: value for name, value in current.body.items() if name != "restores"}
    actor = ctx.principal.client_id
    ended = body | members | {"state": state}
    return ctx.documents.replace(current, ended, reason=state, actor=actor, status=state)


ERASURES = Resource(
    kind=KIND,
    id_member="erasureId",
    schema="erasure-request",
    type_of=lambda body: str(body["asker"]),
    status_of=lambda body: str(body["state"]),
    prepare=_prepare,
    references=_references,
    stored=_stored,
    internal=_INTERNAL,
)
