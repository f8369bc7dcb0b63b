"""Operations on partners."""

from mpex_server.http.call import Reply
from mpex_server.http.context import Context
from mpex_server.http.operations import operation
from mpex_server.partners import service


@operation("listPartners")
def list_partners(ctx: Context) -> Reply:
    """List the partners of the registry."""
    return Reply(body=service.page(ctx))
