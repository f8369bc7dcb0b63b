"""Operations on person records."""

from mpex_server.errors import not_found
from mpex_server.http.call import Reply
from mpex_server.http.context import Context
from mpex_server.http.operations import operation
from mpex_server.persons import contacts, importer
from mpex_server.persons.service import PERSONS
from mpex_server.records import clearances, routes
from mpex_server.records import service as records
from mpex_server.storage.documents import Document

routes.register(
    PERSONS,
    create="createPerson",
    read="getPerson",
    replace="replacePerson",
    listing="listPersons",
    changes="listPersonChanges",
)


@operation("importPersons")
def import_persons(ctx: Context) -> Reply:
    """Store or bring up to date a batch of person records."""
    return Reply(body=importer.import_batch(ctx))


def _cleared_before(ctx: Context, contact_id: str) -> Reply:
    contact = ctx.documents.get(contact_id, clearances.KIND)
    if contact is None:
        raise not_found()
    return _cleared(contact, _person(ctx))


@operation("clearPersonContact", replay=_cleared_before)
def clear_person_contact(ctx: Context) -> Reply:
    """Clear a contact with the person under the rules of every account."""
    person = _person(ctx)
    contact = clearances.clear(ctx, person, contacts.rules(person), ctx.body, actor=ctx.principal.client_id)
    ctx.audit("contact", clearances.outcome(contact), subject=person)
    return _cleared(contact, person)


def _cleared(contact: Document, person: Document) -> Reply:
    return Reply(201, clearances.view(contact, contacts.rules(person)), document_id=contact.id)


def _person(ctx: Context) -> Document:
    return records.find(ctx, PERSONS, ctx.path["recordId"])
