"""Operations on match decisions."""

from mpex_server.matches.service import MATCHES
from mpex_server.records import routes

routes.register(MATCHES, create="createMatch", read="getMatch", listing="listMatches")
