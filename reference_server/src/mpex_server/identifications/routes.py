"""Operations on identifications and on the notification of families."""

from mpex_server.http.call import Reply
from mpex_server.http.context import Context
from mpex_server.http.operations import operation
from mpex_server.identifications import service
from mpex_server.identifications.service import IDENTIFICATIONS
from mpex_server.records import routes
from mpex_server.records import service as records

routes.register(
    IDENTIFICATIONS,
    create="createIdentification",
    read="getIdentification",
    replace="replaceIdentification",
    listing="listIdentifications",
)


def _ended_before(ctx: Context, document_id: str) -> Reply:
    return routes.shown(ctx, IDENTIFICATIONS, records.read(ctx, IDENTIFICATIONS, document_id), status=201)


@operation("recordNotification", replay=_ended_before)
def record_notification(ctx: Context) -> Reply:
    """Record that the family was told."""
    return routes.shown(ctx, IDENTIFICATIONS, service.notify(ctx, ctx.path["identificationId"]), status=201)


@operation("liftEmbargo", replay=_ended_before)
def lift_embargo(ctx: Context) -> Reply:
    """Record that a named officer ended the embargo."""
    return routes.shown(ctx, IDENTIFICATIONS, service.lift(ctx, ctx.path["identificationId"]), status=201)
