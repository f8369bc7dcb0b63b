"""Turns at SQLite's one writer, and commits that several short units of work share.

A commit waits for the disk, which costs more than a read. So units of work that wait for their turn anyway go
into the transaction that is open, each in a savepoint of its own, and none returns before it is committed.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Lock
from typing import Any

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError

from mpex_server.storage import sqlite
from mpex_server.storage.prepared import driven


class Turns:
    """Lets threads write one after another: SQLite would make the second sleep and ask again."""

    def __init__(self) -> None:
        self._turn = Lock()
        self._counting = Lock()
        self._waiting = 0
        self._open: _Shared | None = None

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Have the turn for a transaction of one's own."""
        with self._turn:
            self._end()
            yield

    @contextmanager
    def together(self, engine: Engine) -> Iterator[Connection]:
        """Yield a connection whose transaction others may share; it is committed when this is left.

        What one does is undone when it raises. When the transaction cannot be committed, every one raises.
        """
        with self._next():
            shared = self._open = self._open or _Shared(engine)
            try:
                with shared.unit():
                    yield shared.conn
            finally:
                if not (self._waiting and shared.stands):
                    self._end()
        shared.wait()

    @contextmanager
    def _next(self) -> Iterator[None]:
        self._count(1)
        with self._turn:
            self._count(-1)
            yield

    def _count(self, change: int) -> None:
        with self._counting:
            self._waiting += change

    def _end(self) -> None:
        if self._open is not None:
            shared, self._open = self._open, None
            shared.commit()


class _Shared:
    """A writing transaction of several units of work."""

    def __init__(self, engine: Engine) -> None:
        self.conn = engine.connect().execution_options(mpex_write=True)
        self._ended = Event()
        self._failure: Exception | None = RuntimeError("a commit was broken off")
        try:
            self.conn.begin()
        except BaseException:
            self.conn.close()
            raise

    @property
    def stands(self) -> bool:
        """Whether the transaction is open: a full disk ends it at once."""
        link: Any = self.conn.connection.driver_connection
        return bool(link.in_transaction)

    @contextmanager
    def unit(self) -> Iterator[None]:
        """Undo what is done inside, and nothing else, when it raises."""
        self._say("SAVEPOINT unit")
        try:
            yield
        except BaseException:
            if self.stands:
                self._say("ROLLBACK TO unit")
                self._say("RELEASE unit")
            raise
        self._say("RELEASE unit")

    def commit(self) -> None:
        """Commit, and let everybody who waits go on or fail."""
        try:
            self.conn.commit()
            self._failure = None
        except SQLAlchemyError as error:
            self._failure = error
        finally:
            self.conn.close()
            self._ended.set()

    def wait(self) -> None:
        """Return when the transaction is committed; raises what the commit raised."""
        self._ended.wait()
        if self._failure is not None:
            raise self._failure

    def _say(self, text: str) -> None:
        driven(self.conn, sqlite.command, text)
