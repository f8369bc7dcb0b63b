"""A document of the wire: the JSON as it came, its entity tag, and a typed view on demand."""

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Generic, TypeVar, cast

from mpex_client._errors import ProtocolError

if TYPE_CHECKING:
    from mpex_client.types import View

__all__ = ["Document", "to_json"]

M = TypeVar("M", bound="View")


class Document(dict[str, Any], Generic[M]):
    """Members as the node sent them: what it left out is absent, what nobody knows survives.

    `etag` goes with a later `replace`. `typed` is the view of the schema. The representation shows no value.
    """

    def __init__(self, members: Mapping[str, Any], *, schema: str, etag: str | None = None) -> None:
        super().__init__(members)
        self.schema = schema
        self.etag = etag

    @property
    def typed(self) -> M:
        """The typed view; raises ProtocolError, which names places and no values, when it does not fit."""
        from mpex_client.types import model_of

        try:
            return cast("M", model_of(self.schema).from_wire(dict(self)))
        except ValueError as error:
            raise ProtocolError(f"the document is no {self.schema}: {error}") from None

    def __repr__(self) -> str:
        return f"<Document {self.schema} with {len(self)} members>"

    __str__ = __repr__


def to_json(body: Any) -> bytes:
    """Return the JSON text of a mapping or a typed view; raises ValueError for NaN and infinity."""
    document = body.to_wire() if hasattr(body, "to_wire") else body
    text = json.dumps(document, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return text.encode("utf-8")
