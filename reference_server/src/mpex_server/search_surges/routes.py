"""Operations on search surges."""

from mpex_server.records import routes
from mpex_server.search_surges.service import SEARCH_SURGES

routes.register(SEARCH_SURGES, create="createSearchSurge", listing="listSearchSurges")
