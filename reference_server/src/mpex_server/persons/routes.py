"""Operations on person records."""

from mpex_server.http.call import Reply
from mpex_server.http.context import Context
from mpex_server.http.operations import operation
from mpex_server.persons import importer
from mpex_server.persons.service import PERSONS
from mpex_server.records import routes

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
