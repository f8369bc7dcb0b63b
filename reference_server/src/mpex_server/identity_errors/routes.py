"""Operations on reports of a wrong identity."""

from mpex_server.http.call import Reply
from mpex_server.http.context import Context
from mpex_server.http.operations import operation
from mpex_server.identity_errors import service
from mpex_server.identity_errors.service import IDENTITY_ERRORS
from mpex_server.records import routes
from mpex_server.records import service as records

routes.register(
    IDENTITY_ERRORS,
    create="createIdentityError",
    read="getIdentityError",
    listing="listIdentityErrors",
)


def _answered_before(ctx: Context, document_id: str) -> Reply:
    return routes.shown(ctx, IDENTITY_ERRORS, records.read(ctx, IDENTITY_ERRORS, document_id), status=201)


@operation("answerIdentityError", replay=_answered_before)
def answer_identity_error(ctx: Context) -> Reply:
    """Record what came of a report."""
    return routes.shown(ctx, IDENTITY_ERRORS, service.answer(ctx, ctx.path["identityErrorId"]), status=201)
