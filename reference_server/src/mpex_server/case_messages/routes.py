"""Operations on case messages."""

from mpex_server.case_messages import service
from mpex_server.case_messages.service import MESSAGES
from mpex_server.http.call import Reply
from mpex_server.http.context import Context
from mpex_server.http.operations import operation
from mpex_server.records import routes
from mpex_server.records import service as records

routes.register(MESSAGES, create="createCaseMessage", read="getCaseMessage", listing="listCaseMessages")


def _recalled_before(ctx: Context, message_id: str) -> Reply:
    return routes.shown(ctx, MESSAGES, records.find(ctx, MESSAGES, message_id))


@operation("recallCaseMessage", replay=_recalled_before)
def recall_case_message(ctx: Context) -> Reply:
    """Call a sent message back."""
    message = records.find(ctx, MESSAGES, ctx.path["messageId"])
    recalled = service.recall(ctx, message, actor=ctx.principal.client_id)
    ctx.audit("recall", subject=recalled)
    return routes.shown(ctx, MESSAGES, recalled)
