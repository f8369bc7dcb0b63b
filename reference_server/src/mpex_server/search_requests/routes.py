"""Operations on search requests."""

from mpex_server.records import routes
from mpex_server.search_requests.service import SEARCH_REQUESTS

routes.register(
    SEARCH_REQUESTS,
    create="createSearchRequest",
    read="getSearchRequest",
    replace="replaceSearchRequest",
    listing="listSearchRequests",
)
