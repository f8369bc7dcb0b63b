"""A report of a wrong identity is answered within two working days (CASE-014, CASE-015).

It is taken of any record, whether or not an identification names it, so that taking it tells nothing.
"""

from collections.abc import Iterator

from mpex_server.errors import Problem
from mpex_server.http.context import Context
from mpex_server.records import service as records
from mpex_server.records.resource import Body, Reference, Resource
from mpex_server.storage.documents import Document
from mpex_server.tasks import repository as tasks

KIND = "identityError"


def answer(ctx: Context, error_id: str) -> Document:
    """Record the answer and close the task; 409 when there is an answer already."""
    current = records.find(ctx, IDENTITY_ERRORS, error_id)
    if "answer" in current.body:
        raise Problem("conflict", "The report was answered before; a new doubt is a new report.")
    tasks.close_of(ctx.conn, error_id, KIND)
    body = current.body | {"answer": ctx.body | {"at": ctx.now_text()}}
    return records.store_next(ctx, IDENTITY_ERRORS, current, body)


def _references(body: Body) -> Iterator[Reference]:
    yield Reference(("record",), "subject", body["record"])


def _stored(ctx: Context, document: Document) -> None:
    if document.version == 1:
        tasks.add(ctx, kind=KIND, subject=document.id)


IDENTITY_ERRORS = Resource(
    kind=KIND,
    id_member="identityErrorId",
    schema="identity-error",
    type_of=lambda body: str(body["reportedBy"]),
    status_of=lambda body: "answered" if "answer" in body else "open",
    references=_references,
    stored=_stored,
)
