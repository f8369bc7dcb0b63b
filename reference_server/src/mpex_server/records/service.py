"""Create, read, replace and list documents of any kind, in the transaction of the request."""

from collections.abc import Iterable
from functools import partial

from mpex_server.disclosures.work import Work
from mpex_server.errors import Fault, Problem, not_found
from mpex_server.http.context import Context
from mpex_server.kit.ids import new_id
from mpex_server.records import repository
from mpex_server.records.resource import Body, Reference, Resource, broken_rule
from mpex_server.storage.documents import Document, IdentifierTakenError, New

UNSTATED = "unstated"


def create(ctx: Context, resource: Resource) -> Document:
    """Store a first version; a client may mint the identifier offline, never one that was used before."""
    body = _checked(ctx, resource, resource.own_members(ctx.body), None)
    return _logged(ctx, resource, add(ctx, resource, body))


def add(ctx: Context, resource: Resource, body: Body) -> Document:
    """Store a checked body as a first version, for a request that writes its log entry itself."""
    document_id = body.get(resource.id_member) or new_id(resource.kind)
    body = {resource.id_member: document_id} | body
    try:
        document = ctx.documents.create(
            document_id,
            body,
            kind=resource.kind,
            type=resource.type_of(body),
            status=resource.status_of(body),
        )
    except IdentifierTakenError:
        taken = Fault(f"/{resource.id_member}", "is in use, or was used before")
        raise Problem("alreadyExists", faults=[taken]) from None
    return _settled(ctx, resource, document)


def add_many(work: Work, resource: Resource, bodies: Iterable[Body]) -> list[Document]:
    """Store checked bodies as first versions, each under an identifier in it that was never used before.

    What `Resource.stored` does is left to the caller, who does it for the whole batch.
    """
    new = [
        New(body[resource.id_member], resource.type_of(body), resource.status_of(body), body)
        for body in bodies
    ]
    documents = work.documents.create_many(resource.kind, new)
    repository.link_new(work.conn, {entry.id: resource.references(entry.body) for entry in new})
    return documents


def read(ctx: Context, resource: Resource, document_id: str) -> Document:
    """Return the current version; what is erased and what never was get one answer (404). Logged."""
    document = find(ctx, resource, document_id)
    ctx.audit("read", subject=document)
    return document


def replace(ctx: Context, resource: Resource, document_id: str) -> Document:
    """Store the next version, on the one that If-Match names (REC-003, REC-004, WIRE-009)."""
    current = find(ctx, resource, document_id)
    ctx.require_match(tag(ctx, current))
    given = resource.own_members(ctx.body)
    if given.pop(resource.id_member, document_id) != document_id:
        raise broken_rule(((resource.id_member,), "differs from the address; an identifier is permanent"))
    body = _checked(ctx, resource, {resource.id_member: document_id} | given, current)
    return store_next(ctx, resource, current, body)


def store_next(ctx: Context, resource: Resource, current: Document, body: Body) -> Document:
    """Store a checked body as the next version, and write the entry of the request."""
    return _logged(ctx, resource, advance(ctx, resource, current, body))


def advance(ctx: Context, resource: Resource, current: Document, body: Body) -> Document:
    """Store a checked body as the next version, for a request that writes its log entry itself.

    The reason in its words is sealed with the body; its code goes into the history (CASE-010).
    """
    document = ctx.documents.replace(
        current,
        body,
        reason=body.get("changeCode", UNSTATED),
        actor=ctx.principal.client_id,
        type=resource.type_of(body),
        status=resource.status_of(body),
    )
    return _settled(ctx, resource, document)


def page(ctx: Context, resource: Resource) -> Body:
    """Return one page, oldest first; logged."""
    return ctx.listed(partial(ctx.documents.listing, resource.kind), resource.present)


def changes(ctx: Context, resource: Resource, document_id: str) -> Body:
    """Return every change of a document, oldest first: version, reason, who and when. Logged (CASE-010)."""
    document = read(ctx, resource, document_id)
    return {
        "items": [
            {"version": before + 1, "reason": reason, "changedBy": actor, "at": at}
            for before, reason, actor, at in ctx.documents.earlier.history(document.id)
        ]
    }


def find(ctx: Context, resource: Resource, document_id: str) -> Document:
    """Return the current version without logging; raises the one 404."""
    document = ctx.documents.get(document_id, resource.kind)
    if document is None or document.erased_at is not None:
        raise not_found()
    return document


def tag(ctx: Context, document: Document) -> str:
    """Return the entity tag of a version for this requester."""
    return ctx.etag(document.id, str(document.version))


def _checked(ctx: Context, resource: Resource, body: Body, current: Document | None) -> Body:
    prepared = resource.prepare(ctx, body, current)
    require(ctx, list(resource.references(prepared)))
    return prepared


def require(ctx: Context, references: list[Reference]) -> None:
    """Refuse references to what this node does not hold; each wrong place is named (422)."""
    known = repository.existing(ctx.conn, (reference.target for reference in references))
    missing = [reference.path for reference in references if reference.target not in known]
    if missing:
        raise broken_rule(*((path, "names nothing that this node holds") for path in missing))


def _settled(ctx: Context, resource: Resource, document: Document) -> Document:
    references = resource.references(document.body)
    if document.version > 1:
        repository.relink(ctx.conn, document.id, references)
    else:
        repository.link_new(ctx.conn, {document.id: references})
    resource.stored(ctx, document)
    return document


def _logged(ctx: Context, resource: Resource, document: Document) -> Document:
    ctx.audit(resource.event, subject=document)
    return document
