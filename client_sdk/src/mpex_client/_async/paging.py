"""Listings: every page in turn, each fetched when it is needed."""

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Any

from mpex_client._calls import Call
from mpex_client._errors import ProtocolError
from mpex_client.document import Document

if TYPE_CHECKING:
    from mpex_client._async.client import AsyncClient

__all__ = ["pages"]


async def pages(
    client: "AsyncClient",
    operation_id: str,
    schema: str,
    limit: int,
    query: dict[str, Any],
    path: dict[str, str] | None = None,
) -> AsyncIterator[Document[Any]]:
    """Yield each item of a listing; `limit` is the size of a page (1 to 100), not of the listing."""
    cursor = None
    while True:
        asked = {**query, "limit": limit, "cursor": cursor}
        answer = await client.call(Call.of(operation_id, path=path, query=asked))
        page = answer.document("page")
        items = page.get("items")
        if not isinstance(items, list):
            raise ProtocolError("a page has no items")
        for item in items:
            yield Document(item, schema=schema)
        following = page.get("nextCursor")
        if not following:
            return
        if following == cursor:
            raise ProtocolError("a page names itself as the next one")
        cursor = following
