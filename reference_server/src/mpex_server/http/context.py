"""What a handler is given: the caller, the transaction, the checked request, and the node's services."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol, TypeVar

from sqlalchemy import Connection

from mpex_server.audit import leaves
from mpex_server.errors import Problem
from mpex_server.http.call import Call
from mpex_server.keys import KeyProvider
from mpex_server.kit import cursor, etag
from mpex_server.kit.clock import Clock, instant
from mpex_server.oauth.principal import Principal
from mpex_server.settings import Settings
from mpex_server.storage.documents import Document, Documents


class _Entry(Protocol):
    """What a list shows; `position` is where it goes on after it."""

    @property
    def id(self) -> str: ...
    @property
    def position(self) -> dict[str, str]: ...


E = TypeVar("E", bound=_Entry)


@dataclass(slots=True)
class Context:
    """One authenticated request inside its unit of work; nothing of it outlives the commit."""

    call: Call
    principal: Principal
    conn: Connection
    path: dict[str, str]
    query: dict[str, Any]
    body: Any
    leaf_id: str | None = None

    @property
    def settings(self) -> Settings:
        """The node's settings."""
        return self.call.node.settings

    @property
    def clock(self) -> Clock:
        """The node's clock."""
        return self.call.node.clock

    @property
    def keys(self) -> KeyProvider:
        """The node's keys."""
        return self.call.node.keys

    @property
    def documents(self) -> Documents:
        """The encrypted documents, in this transaction."""
        return Documents(self.conn, self.keys, self.clock)

    def now(self) -> datetime:
        """Return the present moment."""
        return self.clock.now()

    def now_text(self) -> str:
        """Return the present instant in wire form."""
        return instant(self.clock.now())

    def audit(
        self,
        event: str,
        outcome: str = "done",
        *,
        subject: Document | None = None,
        candidates: Iterable[str] | None = None,
        case_reference: str | None = None,
        reason: str | None = None,
    ) -> str:
        """Write the one audit entry of this request and return its leaf id; raises when called twice."""
        if self.leaf_id is not None:
            raise RuntimeError(f"{self.call.operation.operation_id} wrote a second audit entry")
        self.leaf_id = leaves.write(
            self.conn,
            self.keys,
            at=self.now_text(),
            event=event,
            outcome=outcome,
            actor=self.principal.client_id,
            purpose=self.principal.purpose,
            proof=self.principal.proof,
            subject=subject,
            candidates=candidates,
            case_reference=case_reference,
            reason=reason,
        )
        return self.leaf_id

    def etag(self, *parts: str | bytes) -> str:
        """Return the strong entity tag of an answer to this requester; `parts` decide its content."""
        return etag.strong(self.keys.secret("etag"), self.principal.client_id, *parts)

    def require_match(self, current: str) -> None:
        """Refuse the change when If-Match does not name the tag of the current version (412)."""
        if not etag.listed(self.call.header("if-match") or "", current):
            raise Problem("preconditionFailed")

    def require_categories(self, categories: Collection[str]) -> None:
        """Refuse categories beyond those that the token was asked for (RFC 9396); none named means all."""
        allowed = self.principal.categories
        if allowed is not None and not allowed.issuperset(categories):
            raise Problem("actionNotAllowed", "The token is for fewer data categories than are asked for.")

    def after(self) -> dict[str, Any] | None:
        """Return the position that the `cursor` parameter stands for, or None for the first page."""
        text = self.query.get("cursor")
        if text is None:
            return None
        try:
            return cursor.decode(self.keys.secret("cursor"), text, **self._cursor_scope())
        except cursor.CursorError as error:
            raise Problem("invalidCursor") from error

    def listed(self, fetch: Callable[..., list[E]], view: Callable[[E], dict[str, Any]]) -> dict[str, Any]:
        """Return one page of what `fetch(limit=…, after=…)` gives, each as `view` shows it.

        One log entry, with what is shown as a commitment.
        """
        limit: int = self.query["limit"]
        found = fetch(limit=limit + 1, after=self.after())
        shown = found[:limit]
        self.audit("read", candidates=[entry.id for entry in shown])
        return self.page([view(entry) for entry in shown], shown[-1].position if len(found) > limit else None)

    def page(self, items: list[dict[str, Any]], last: dict[str, Any] | None) -> dict[str, Any]:
        """Return the page of `items`; `last` is the position to go on from, None when nothing follows."""
        if last is None:
            return {"items": items}
        text = cursor.encode(self.keys.secret("cursor"), last, **self._cursor_scope())
        return {"items": items, "nextCursor": text}

    def _cursor_scope(self) -> dict[str, str]:
        return {"client_id": self.principal.client_id, "operation": self.call.operation.operation_id}
