"""Operations on person records."""

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
