"""Who asks for a child is not by that its guardian: what a contact may tell of one (CHLD-003)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from mpex_server.disclosures.decision import directives_of, is_living, may_be_minor
from mpex_server.disclosures.work import Work
from mpex_server.domain.directives import Directive
from mpex_server.domain.purposes import OF_CHILDREN
from mpex_server.errors import Problem
from mpex_server.storage.documents import Document

_AUTHORITIES = OF_CHILDREN | {"court"}
_OPENING = frozenset({"asksOnly", "bestInterests"})
_REMEDY = (
    "The person sought may be a child, and the request documents no authority over the child. Add the "
    "directive of a parent, a guardian, a court or a child protection authority to the request, tell nothing "
    "(asksOnly), or say who decided in the child's best interests, and why (bestInterests)."
)


def check(work: Work, request: Document, attempt: Mapping[str, Any]) -> None:
    """Refuse a contact that could tell of a child to whoever has no authority; raises Problem `conflict`."""
    if _OPENING.isdisjoint(attempt) and _seeks_child(work, request) and not _has_authority(work, request):
        raise Problem("conflict", _REMEDY)


def _seeks_child(work: Work, request: Document) -> bool:
    person = work.documents.get(request.body["person"])
    known = person is not None and person.erased_at is None
    return person is not None and known and is_living(person) and may_be_minor(person, work.now())


def _has_authority(work: Work, request: Document) -> bool:
    named = {"contributions": (), "directives": request.body.get("directives", ())}
    return any(_documents_authority(each, work.now()) for each in directives_of(work.documents, named))


def _documents_authority(directive: Directive, at: datetime) -> bool:
    return (
        directive.authority in _AUTHORITIES
        and directive.of_the_person
        and not (directive.is_frozen(at) or directive.is_lapsed(at))
        and not any(entry.at <= at and not entry.purposes for entry in directive.withdrawals)
    )
