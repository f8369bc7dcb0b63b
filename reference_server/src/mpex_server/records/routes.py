"""Handlers that every kind of document shares; `register` binds them to operations by their operationId."""

from functools import partial

from mpex_server.http.call import Reply
from mpex_server.http.context import Context
from mpex_server.http.operations import operation
from mpex_server.records import service
from mpex_server.records.resource import Resource
from mpex_server.storage.documents import Document


def register(
    resource: Resource,
    *,
    create: str | None = None,
    read: str | None = None,
    replace: str | None = None,
    listing: str | None = None,
    changes: str | None = None,
) -> None:
    """Serve the named operations (operationIds) for documents of one kind."""
    if create:
        operation(create, replay=partial(_created_before, resource))(partial(_create, resource))
    if read:
        operation(read)(partial(_read, resource))
    if replace:
        operation(replace)(partial(_replace, resource))
    if listing:
        operation(listing)(partial(_list, resource))
    if changes:
        operation(changes)(partial(_changes, resource))


def shown(ctx: Context, resource: Resource, document: Document, *, status: int = 200) -> Reply:
    """Return a document as a reply, with its entity tag."""
    return Reply(status, resource.present(document), etag=service.tag(ctx, document), document_id=document.id)


def _create(resource: Resource, ctx: Context) -> Reply:
    return _created(ctx, resource, service.create(ctx, resource))


def _created_before(resource: Resource, ctx: Context, document_id: str) -> Reply:
    return _created(ctx, resource, service.read(ctx, resource, document_id))


def _created(ctx: Context, resource: Resource, document: Document) -> Reply:
    reply = shown(ctx, resource, document, status=201)
    reply.headers["Location"] = f"{ctx.call.operation.path}/{document.id}"
    return reply


def _read(resource: Resource, ctx: Context) -> Reply:
    return shown(ctx, resource, service.read(ctx, resource, _identifier(ctx)))


def _replace(resource: Resource, ctx: Context) -> Reply:
    return shown(ctx, resource, service.replace(ctx, resource, _identifier(ctx)))


def _list(resource: Resource, ctx: Context) -> Reply:
    return Reply(body=service.page(ctx, resource))


def _changes(resource: Resource, ctx: Context) -> Reply:
    return Reply(body=service.changes(ctx, resource, _identifier(ctx)))


def _identifier(ctx: Context) -> str:
    (identifier,) = ctx.path.values()
    return identifier
