"""Operations on incidents."""

from mpex_server.http.call import Reply
from mpex_server.http.context import Context
from mpex_server.http.operations import operation
from mpex_server.incidents import importer
from mpex_server.incidents.service import INCIDENTS
from mpex_server.records import routes

routes.register(
    INCIDENTS,
    create="createIncident",
    read="getIncident",
    replace="replaceIncident",
    listing="listIncidents",
)


@operation("importIncidents")
def import_incidents(ctx: Context) -> Reply:
    """Store or bring up to date a batch of incidents."""
    return Reply(body=importer.import_batch(ctx))
