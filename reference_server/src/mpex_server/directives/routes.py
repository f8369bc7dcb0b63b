"""Operations on consent directives; withdrawing one belongs to the recalls."""

from mpex_server.directives.service import DIRECTIVES
from mpex_server.records import routes

routes.register(DIRECTIVES, create="createDirective", read="getDirective", listing="listDirectives")
