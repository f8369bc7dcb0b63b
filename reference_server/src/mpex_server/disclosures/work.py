"""What a service needs to act; the Context of a request is one, and so is that of a command."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from sqlalchemy import Connection

from mpex_server.keys import KeyProvider
from mpex_server.kit.clock import Clock
from mpex_server.settings import Settings
from mpex_server.storage.documents import Documents


class Work(Protocol):
    """A unit of work, as services see it."""

    @property
    def conn(self) -> Connection:
        """The transaction."""

    @property
    def keys(self) -> KeyProvider:
        """The node's keys."""

    @property
    def settings(self) -> Settings:
        """The node's settings."""

    @property
    def documents(self) -> Documents:
        """The encrypted documents, in this transaction."""

    def now(self) -> datetime:
        """Return the present moment."""


@dataclass(frozen=True, slots=True)
class OwnWork:
    """A unit of work of the node itself: background jobs and commands."""

    conn: Connection
    keys: KeyProvider
    clock: Clock
    settings: Settings

    @property
    def documents(self) -> Documents:
        """The encrypted documents, in this transaction."""
        return Documents(self.conn, self.keys, self.clock)

    def now(self) -> datetime:
        """Return the present moment."""
        return self.clock.now()
