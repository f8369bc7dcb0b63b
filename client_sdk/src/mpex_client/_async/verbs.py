"""The verbs that the contract gives to more than one resource."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypeVar

from mpex_client._async.paging import pages
from mpex_client._calls import Call
from mpex_client._errors import ConfigurationError
from mpex_client.document import Document

if TYPE_CHECKING:
    from mpex_client import types as t
    from mpex_client._async.client import AsyncClient

M = TypeVar("M", bound="t.View")
Body = Any  # a mapping or a typed view


class Resource(Generic[M]):
    """A resource: its schema and the names of its operations and of its identifier in the contract."""

    schema: ClassVar[str]
    names: ClassVar[str]
    name: ClassVar[str]
    identifier: ClassVar[str]

    def __init__(self, client: AsyncClient) -> None:
        self._client = client

    async def _send(self, operation_id: str, schema: str, **call: Any) -> Document[Any]:
        answer = await self._client.call(Call.of(operation_id, **call))
        return answer.document(schema)


class Readable(Resource[M]):
    """Documents that can be read one by one."""

    async def get(self, identifier: str) -> Document[M]:
        """Return the document; raises NotFound when there is none that this client may know of."""
        return await self._send(f"get{self.name}", self.schema, path={self.identifier: identifier})


class Listable(Resource[M]):
    """Documents that can be listed."""

    def list(self, *, limit: int = 100) -> AsyncIterator[Document[M]]:
        """Iterate over all documents; `limit` is the size of a page (1 to 100)."""
        return pages(self._client, f"list{self.names}", self.schema, limit, {})


class Creatable(Resource[M]):
    """Documents that can be created."""

    async def create(self, document: Body, *, idempotency_key: str | None = None) -> Document[M]:
        """Store a new document and return it as the node keeps it.

        The same `idempotency_key` with the same document gives the same effect once.
        """
        return await self._send(
            f"create{self.name}", self.schema, body=document, idempotency_key=idempotency_key
        )


class Replaceable(Resource[M]):
    """Documents that can be replaced by a new version."""

    async def replace(self, document: Body, *, if_match: str | None = None) -> Document[M]:
        """Replace the version that the document's `etag` (or `if_match`) names, and return the new one.

        Raises PreconditionFailed when another version is current.
        """
        tag = if_match or getattr(document, "etag", None)
        if not tag:
            raise ConfigurationError("no entity tag: read the document, change it, and replace that")
        members = document if isinstance(document, Mapping) else document.to_wire()
        path = {self.identifier: str(members[self.identifier])}
        return await self._send(f"replace{self.name}", self.schema, path=path, body=members, if_match=tag)


class Historied(Resource[M]):
    """Records whose every change is on file."""

    async def changes(self, identifier: str) -> Document[t.ChangeList]:
        """Return every change, oldest first, with its reason, who made it and when."""
        path = {self.identifier: identifier}
        return await self._send(f"list{self.name}Changes", "change-list", path=path)


class Contactable(Resource[M]):
    """Whoever is contacted under rules of their own."""

    clearance: ClassVar[str]

    async def clear_contact(
        self, identifier: str, attempt: Body, *, idempotency_key: str | None = None
    ) -> Document[t.ContactClearance]:
        """Clear a contact that is about to be made, and return it with the rules to keep.

        Raises Conflict when it is unsafe and no reason is given, or would tell of a child without authority.
        """
        return await self._send(
            self.clearance,
            "contact-clearance",
            path={self.identifier: identifier},
            body=attempt,
            idempotency_key=idempotency_key,
        )
