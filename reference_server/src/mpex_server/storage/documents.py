"""The one repository of encrypted documents: create, read, replace, list, erase.

Each document has a key of its own, wrapped by the key-encryption key. Erasing destroys the key
(crypto-shredding) and leaves a tombstone of identifier, version and dates.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import orjson
from sqlalchemy import Connection, and_, bindparam, delete, insert, select, tuple_, update

from mpex_server.keys import KeyProvider
from mpex_server.kit import aead, strict_json
from mpex_server.kit.clock import Clock, instant
from mpex_server.storage import bodies, irreversible
from mpex_server.storage import tables as t
from mpex_server.storage.earlier import EarlierVersions
from mpex_server.storage.engine import insert_new
from mpex_server.storage.prepared import Prepared, among

ERASED = "erased"
_KEYED = select(t.document, t.document_key.c.kek_id, t.document_key.c.wrapped).join(
    t.document_key, t.document_key.c.document_id == t.document.c.id, isouter=True
)
_COLUMNS = tuple(column.name for column in _KEYED.selected_columns)
_BY_ID = Prepared(_KEYED.where(t.document.c.id == bindparam("wanted")))
_AMONG = _KEYED.where(among(t.document.c.id, "wanted")).order_by(t.document.c.id)
_MANY = Prepared(_AMONG)
_MANY_TO_CHANGE = Prepared(_AMONG.with_for_update(of=t.document))
_NEW = Prepared(insert(t.document), *t.document.c.keys())
_NEW_KEY = Prepared(insert(t.document_key), *t.document_key.c.keys())

# What goes with the key of a document.
OF_A_DOCUMENT = (
    t.document_key,
    t.document_version,
    t.index_token,
    t.index_feature,
    t.source_key,
    t.search_touch,
    t.duplicate_check,
)


class VersionConflictError(Exception):
    """Another version is current, or the document is erased."""


class IdentifierTakenError(Exception):
    """A document with this identifier exists, or existed."""


@dataclass(frozen=True)
class Document:
    """One version of a document; `content` is JSON, empty once erased. Its repr shows no content."""

    id: str
    kind: str
    type: str
    status: str
    version: int
    owner: str | None
    created_at: str
    updated_at: str
    erased_at: str | None
    content: bytes
    content_mac: bytes
    salt: bytes

    def __repr__(self) -> str:
        return f"Document(id={self.id!r}, version={self.version})"

    @cached_property
    def body(self) -> dict[str, Any]:
        """The content as a new object; empty once erased."""
        return dict(orjson.loads(self.content)) if self.content else {}

    @property
    def position(self) -> dict[str, str]:
        """Where a listing goes on after this document."""
        return {"at": self.created_at, "id": self.id}


class New(NamedTuple):
    """A document to be: its identifier was never used before."""

    id: str
    type: str
    status: str
    body: dict[str, Any]


class Documents:
    """Reads and writes documents in the transaction of `conn`."""

    def __init__(self, conn: Connection, keys: KeyProvider, clock: Clock) -> None:
        self._conn = conn
        self._keys = keys
        self._clock = clock

    def create(
        self,
        document_id: str,
        body: dict[str, Any],
        *,
        kind: str,
        type: str,  # noqa: A002 - the member's name on the wire
        status: str,
        owner: str | None = None,
        version: int = 1,
    ) -> Document:
        """Store a first version, 1 unless the document comes from elsewhere.

        Raises IdentifierTakenError, for a tombstone too.
        """
        now = instant(self._clock.now())
        key = aead.new_key()
        row = {
            "id": document_id,
            "kind": kind,
            "type": type,
            "status": status,
            "version": version,
            "owner": owner,
            "created_at": now,
            "updated_at": now,
            "erased_at": None,
        }
        document = self._document(row, strict_json.dumps(body), key)
        sealed = {"sealed": True, "body": _seal(key, document), "content_mac": document.content_mac}
        if not insert_new(self._conn, t.document, **row, **sealed):
            raise IdentifierTakenError(document_id)
        self._store_key(document_id, key)
        return document

    def revive(
        self,
        tombstone: Document,
        body: dict[str, Any],
        *,
        type: str,  # noqa: A002 - the member's name on the wire
        status: str,
        version: int,
    ) -> Document:
        """Store a document that came back in the place of its tombstone, under a new key.

        Its version is higher than that of the tombstone in any case. Raises VersionConflictError.
        """
        row, _ = self._row(tombstone.id)
        key = aead.new_key()
        changed: dict[str, Any] = {
            "version": max(version, tombstone.version + 1),
            "type": type,
            "status": status,
            "updated_at": instant(self._clock.now()),
            "erased_at": None,
        }
        document = self._document({**row, **changed}, strict_json.dumps(body), key)
        table = t.document.c
        here = (table.id == tombstone.id) & table.erased_at.is_not(None)
        sealed = {"sealed": True, "body": _seal(key, document), "content_mac": document.content_mac}
        if self._conn.execute(update(t.document).where(here).values(**changed, **sealed)).rowcount != 1:
            raise VersionConflictError(tombstone.id)
        self._store_key(tombstone.id, key)
        return document

    def create_many(self, kind: str, entries: Iterable[New]) -> list[Document]:
        """Store first versions of many documents of a kind with two statements, and return them."""
        now, kek_id = instant(self._clock.now()), self._keys.current()
        rows, keys, documents = [], [], []
        for document_id, type_, status, body in entries:
            key = aead.new_key()
            row = {"id": document_id, "kind": kind, "type": type_, "status": status, "version": 1}
            row |= {"owner": None, "created_at": now, "updated_at": now, "erased_at": None}
            document = self._document(row, strict_json.dumps(body), key)
            documents.append(document)
            rows.append(
                row | {"sealed": True, "body": _seal(key, document), "content_mac": document.content_mac}
            )
            wrapped = self._keys.wrap(key, document_id.encode())
            keys.append({"document_id": document_id, "kek_id": kek_id, "wrapped": wrapped})
        if rows:
            _NEW.change_all(self._conn, rows)
            _NEW_KEY.change_all(self._conn, keys)
        return documents

    def get(self, document_id: str, kind: str | None = None) -> Document | None:
        """Return the current version (a tombstone too), or None when there is none of that kind."""
        row = self._fetched(document_id)
        if row is None or kind not in {None, row["kind"]}:
            return None
        return self._opened(row)

    def many(self, document_ids: Sequence[str], *, to_change: bool = False) -> list[Document]:
        """Return the documents that exist among the identifiers, ordered by identifier.

        `to_change` waits for other transactions that change them, and makes others wait.
        """
        if not document_ids:
            return []
        statement = _MANY_TO_CHANGE if to_change else _MANY
        found = statement.all(self._conn, wanted=list(document_ids))
        return [self._opened(dict(zip(_COLUMNS, row, strict=True))) for row in found]

    def listing(
        self,
        kind: str,
        *,
        limit: int,
        after: dict[str, Any] | None = None,
        **columns: str,
    ) -> list[Document]:
        """Return up to `limit` documents, oldest first, after a `Document.position`; tombstones left out.

        `columns` filter by equality on `type`, `status` or `owner`.
        """
        where = and_(t.document.c.kind == kind, t.document.c.erased_at.is_(None))
        for name, value in columns.items():
            where = and_(where, t.document.c[name] == value)
        if after is not None:
            place = tuple_(t.document.c.created_at, t.document.c.id)
            where = and_(where, place > tuple_(after["at"], after["id"]))
        order = (t.document.c.created_at, t.document.c.id)
        rows = self._conn.execute(_KEYED.where(where).order_by(*order).limit(limit)).mappings()
        return [self._opened(dict(row)) for row in rows]

    def replace(
        self,
        current: Document,
        body: dict[str, Any],
        *,
        reason: str,
        actor: str,
        status: str | None = None,
        type: str | None = None,  # noqa: A002 - the member's name on the wire
    ) -> Document:
        """Store the next version and keep the one before; raises VersionConflictError."""
        row, key = self._row(current.id)
        changed = self._document(
            {
                **row,
                "version": current.version + 1,
                "type": type or current.type,
                "status": status or current.status,
                "updated_at": instant(self._clock.now()),
            },
            strict_json.dumps(body),
            key,
        )
        result = self._conn.execute(
            update(t.document)
            .where(
                t.document.c.id == current.id,
                t.document.c.version == current.version,
                t.document.c.erased_at.is_(None),
            )
            .values(
                version=changed.version,
                type=changed.type,
                status=changed.status,
                body=_seal(key, changed),
                content_mac=changed.content_mac,
                updated_at=changed.updated_at,
            )
        )
        if result.rowcount != 1:
            raise VersionConflictError(current.id)
        kept = {"document_id": current.id, "version": current.version, "body": _seal(key, current)}
        self._conn.execute(
            insert(t.document_version).values(**kept, reason=reason, actor=actor, at=changed.updated_at)
        )
        return changed

    def erase(self, document_id: str) -> Document:
        """Shred the key, bodies, index and source keys; a tombstone remains. Idempotent."""
        row, _ = self._row(document_id)
        erased_at = row["erased_at"] or instant(self._clock.now())
        if row["erased_at"] is None:
            irreversible.note(self._conn, document_id, row["version"], erased=True, at=erased_at)
        for table in OF_A_DOCUMENT:
            self._conn.execute(delete(table).where(table.c.document_id == document_id))
        self._conn.execute(delete(t.document_link).where(t.document_link.c.from_id == document_id))
        self._conn.execute(update(t.task).where(t.task.c.document_id == document_id).values(body=None))
        self._conn.execute(
            update(t.document)
            .where(t.document.c.id == document_id)
            .values(body=b"", content_mac=b"", status=ERASED, owner=None, erased_at=erased_at)
        )
        return self._open({**row, "body": b"", "status": ERASED, "owner": None, "erased_at": erased_at}, None)

    @property
    def earlier(self) -> EarlierVersions:
        """The versions that were replaced."""
        return EarlierVersions(self._conn, self._clock, self._row)

    def _store_key(self, document_id: str, key: bytes) -> None:
        wrapped = self._keys.wrap(key, document_id.encode())
        kek_id = self._keys.current()
        _NEW_KEY.change(self._conn, document_id=document_id, kek_id=kek_id, wrapped=wrapped)

    def _row(self, document_id: str) -> tuple[dict[str, Any], bytes | None]:
        row = self._fetched(document_id)
        if row is None:
            raise VersionConflictError(document_id)
        return row, self._key(row)

    def _fetched(self, document_id: str) -> dict[str, Any] | None:
        row = _BY_ID.first(self._conn, wanted=document_id)
        return None if row is None else dict(zip(_COLUMNS, row, strict=True))

    def _key(self, row: Any) -> bytes | None:
        if row["wrapped"] is None:
            return None
        return self._keys.unwrap(row["kek_id"], row["wrapped"], row["id"].encode())

    def _opened(self, row: dict[str, Any]) -> Document:
        return self._open(row, self._key(row))

    def _open(self, row: dict[str, Any], key: bytes | None) -> Document:
        content = bodies.unseal(key, row["body"], row["id"], row["kind"], row["version"])
        return self._document(row, content, key, row["content_mac"])

    def _document(
        self, row: dict[str, Any], content: bytes, key: bytes | None, content_mac: bytes | None = None
    ) -> Document:
        # A tombstone has no key of its own any more; its salt is derived, so that tags still say nothing.
        salt = aead.mac(key or self._keys.secret("etag"), "salt", row["id"])
        if content_mac is None:
            content_mac = aead.mac(salt, "content", content)
        return Document(
            id=row["id"],
            kind=row["kind"],
            type=row["type"],
            status=row["status"],
            version=row["version"],
            owner=row["owner"],
            created_at=row["created_at"],
            updated_at=row["updated_at"],
            erased_at=row["erased_at"],
            content=content,
            content_mac=content_mac,
            salt=salt,
        )


def _seal(key: bytes | None, document: Document) -> bytes:
    return bodies.seal(key, document.content, document.id, document.kind, document.version)
