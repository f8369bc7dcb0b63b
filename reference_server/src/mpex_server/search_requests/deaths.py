"""The death of an enquirer: one act freezes every directive of the search request (CONS-020)."""

from typing import Any

from mpex_server.directives import succession
from mpex_server.directives.service import DIRECTIVES
from mpex_server.disclosures.work import Work
from mpex_server.errors import Problem
from mpex_server.search_requests.service import DIED
from mpex_server.storage.documents import Document

Json = dict[str, Any]


def record(work: Work, request: Document, told: Json, *, actor: str) -> Document:
    """Enter the death and freeze what the enquirer laid down; raises Problem.

    What nobody inherits stays as it is, and so does what was frozen before.
    """
    if DIED in request.body:
        raise Problem("conflict", "The death of this enquirer is recorded.")
    at = succession.moment(work, told)
    for directive in work.documents.many(sorted(request.body.get("directives", ())), to_change=True):
        if directive.kind == DIRECTIVES.kind and succession.may_freeze(directive):
            succession.freeze(work, directive, {"at": at}, actor=actor)
    return work.documents.replace(request, request.body | {DIED: at}, reason="death", actor=actor)
