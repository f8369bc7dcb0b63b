"""Operations on remains units."""

from mpex_server.records import routes
from mpex_server.remains.service import REMAINS

routes.register(
    REMAINS,
    create="createRemainsUnit",
    read="getRemainsUnit",
    replace="replaceRemainsUnit",
    listing="listRemainsUnits",
)
