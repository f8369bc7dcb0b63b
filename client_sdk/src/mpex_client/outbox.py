"""A durable outbox for places without a network: what is put in is sent later, once, or told to be dead.

An outbox is one SQLite file. Entries are sealed with AES-256-GCM under a key in a file of its own beside it
(`<outbox>.key`, readable by its owner only); what stays readable is when an entry was put in, until when it
is good, and how its sending went. Documents get their identifier and requests their idempotency key when
they are put in, so that sending twice has one effect. `client.flush(outbox)` sends.
"""

import datetime as dt
import json
import os
import secrets
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from mpex_client._calls import new_idempotency_key
from mpex_client._clock import Clock, instant, utc_now
from mpex_client._errors import ConfigurationError
from mpex_client._generated.operations import OPERATIONS
from mpex_client.ids import new_id

__all__ = ["Entry", "FlushReport", "Outbox", "Pending"]

_NONCE_BYTES = 12
_TABLE = """
CREATE TABLE IF NOT EXISTS entry (
  position INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  operation TEXT NOT NULL,
  state TEXT NOT NULL,
  created_at TEXT NOT NULL,
  expires_at TEXT NOT NULL,
  attempts INTEGER NOT NULL,
  reason TEXT,
  sealed BLOB NOT NULL
)"""


@dataclass(frozen=True, slots=True)
class Entry:
    """What may be told of an entry: `state` is `pending` or `dead`, `reason` a code without values."""

    id: str
    operation: str
    state: str
    created_at: str
    expires_at: str
    attempts: int
    reason: str | None


@dataclass(frozen=True, slots=True)
class Pending:
    """An entry opened for sending."""

    id: str
    attempts: int
    operation: str
    path: dict[str, str]
    body: dict[str, Any]
    idempotency_key: str
    purpose: str
    legal_basis: str


@dataclass(frozen=True, slots=True)
class FlushReport:
    """What became of the entries: sent, given up on in this flush, and still waiting."""

    sent: int
    dead: int
    waiting: int


class Outbox:
    """The outbox in a file; it is made when it does not exist."""

    def __init__(self, path: Path | str, *, clock: Clock = utc_now) -> None:
        self._path = Path(path)
        self._clock = clock
        with self._connection() as connection:
            connection.execute(_TABLE)
        self._path.chmod(0o600)
        self._key = AESGCM(_key_file(self._path.with_name(f"{self._path.name}.key")))

    def put(
        self,
        operation_id: str,
        body: Mapping[str, Any],
        *,
        purpose: str,
        legal_basis: str,
        path: Mapping[str, str] | None = None,
        good_for: dt.timedelta = dt.timedelta(days=7),
    ) -> dict[str, Any]:
        """Keep a request that creates something and return its body, with the identifier that it will have.

        A match and an identification get theirs from the node, so the body returned has none.

        Raises ConfigurationError for an operation that has no idempotency key: it could not be repeated.
        """
        if operation_id not in OPERATIONS or not OPERATIONS[operation_id].keyed:
            raise ConfigurationError(f"{operation_id} cannot wait in an outbox: it has no idempotency key")
        document = dict(body)
        if minted := OPERATIONS[operation_id].mints:
            member, kind = minted
            document.setdefault(member, new_id(kind))
        identifier, now = secrets.token_hex(16), self._clock()
        request = {
            "path": dict(path or {}),
            "body": document,
            "idempotency_key": new_idempotency_key(),
            "purpose": purpose,
            "legal_basis": legal_basis,
        }
        row = (
            identifier,
            operation_id,
            instant(now),
            instant(now + good_for),
            self._seal(identifier, request),
        )
        with self._connection() as connection:
            connection.execute(
                "INSERT INTO entry (id, operation, state, created_at, expires_at, attempts, sealed)"
                " VALUES (?, ?, 'pending', ?, ?, 0, ?)",
                row,
            )
        return document

    def entries(self) -> list[Entry]:
        """Return all entries, oldest first, without what is sealed."""
        columns = "id, operation, state, created_at, expires_at, attempts, reason"
        with self._connection() as connection:
            rows = connection.execute(f"SELECT {columns} FROM entry ORDER BY position").fetchall()  # noqa: S608 - constants
        return [Entry(*row) for row in rows]

    def pending(self) -> Iterator[Pending]:
        """Yield the entries to send, oldest first; those that are too old become dead (`expired`)."""
        now = instant(self._clock())
        with self._connection() as connection:
            connection.execute(
                "UPDATE entry SET state = 'dead', reason = 'expired'"
                " WHERE state = 'pending' AND expires_at <= ?",
                (now,),
            )
            rows = connection.execute(
                "SELECT id, attempts, operation, sealed FROM entry WHERE state = 'pending' ORDER BY position"
            ).fetchall()
        for identifier, attempts, operation, sealed in rows:
            yield Pending(identifier, attempts, operation, **self._open(identifier, sealed))

    def attempted(self, identifier: str) -> None:
        """Count an attempt, before it is made: its answer may be lost."""
        self._change("UPDATE entry SET attempts = attempts + 1 WHERE id = ?", identifier)

    def sent(self, identifier: str) -> None:
        """Remove an entry that arrived; what it held is overwritten on disk."""
        self._change("DELETE FROM entry WHERE id = ?", identifier)

    def dead(self, identifier: str, reason: str) -> None:
        """Give up on an entry; it stays until `drop`."""
        self._change("UPDATE entry SET state = 'dead', reason = ? WHERE id = ?", reason, identifier)

    def drop(self, identifier: str) -> None:
        """Remove an entry unsent."""
        self.sent(identifier)

    def _change(self, statement: str, *values: str) -> None:
        with self._connection() as connection:
            connection.execute(statement, values)

    @contextmanager
    def _connection(self) -> Iterator[sqlite3.Connection]:
        try:
            with closing(sqlite3.connect(self._path, timeout=10)) as connection, connection:
                connection.execute("PRAGMA secure_delete = ON")
                connection.execute("PRAGMA synchronous = FULL")
                yield connection
        except sqlite3.DatabaseError as error:
            raise ConfigurationError(f"the outbox {self._path.name} cannot be used") from error

    def _seal(self, identifier: str, request: dict[str, Any]) -> bytes:
        nonce = secrets.token_bytes(_NONCE_BYTES)
        plain = json.dumps(request, ensure_ascii=False).encode()
        return nonce + self._key.encrypt(nonce, plain, identifier.encode())

    def _open(self, identifier: str, sealed: bytes) -> dict[str, Any]:
        try:
            plain = self._key.decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], identifier.encode())
        except InvalidTag as error:
            raise ConfigurationError("an entry of the outbox does not open with the key beside it") from error
        return dict(json.loads(plain))


def _key_file(path: Path) -> bytes:
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(AESGCM.generate_key(256))
    except FileExistsError:
        pass
    key = path.read_bytes()
    if len(key) != 32:
        raise ConfigurationError(f"the key file {path.name} is not the key of an outbox")
    return key
