"""A backup: every table of a node in one file, as rows, sealed to the node's keys.

The file begins with `MAGIC` and 32 random bytes, of which the key of this file is made. Then come pieces,
each as its length (4 bytes) and a box; its place, and whether it is the last, are bound to it. A piece is
deflated lines of JSON: over all pieces a header, then for each table its name and columns and its rows (a
list each, bytes as a list of one base64 text). Either kind of database takes what the other one gave. It
holds no key that opens anything by itself.
"""

import base64
import os
import zlib
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Any, BinaryIO

import orjson
from sqlalchemy import MetaData, select

from mpex_server.audit import repository as log
from mpex_server.disclosures.work import Work
from mpex_server.keys import KeyProvider
from mpex_server.kit import aead
from mpex_server.kit.clock import instant
from mpex_server.storage.engine import streamed
from mpex_server.storage.hosting import TENANT
from mpex_server.storage.schema import revision_of

FORMAT = 1
MAGIC = b"mpex-backup\n"
REVISIONS = "alembic_version"
_SALT, _LENGTH = 32, 4
_PIECE, _LARGEST = 1 << 18, 1 << 27
Line = Any


class BackupError(Exception):
    """A backup cannot be made or read; the text says why, and what to do."""


def write(work: Work, file: Path) -> int:
    """Write a backup of what the transaction of `work` sees, and return its number of rows.

    Nothing stands under the name of the file before it is whole. Raises FileExistsError.
    """
    if file.exists():
        raise FileExistsError(file)
    part = file.with_name(file.name + ".part")
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as raw:
        rows = _write(work, raw)
        raw.flush()
        os.fsync(raw.fileno())
    part.rename(file)
    return rows


def lines(file: Path, keys: KeyProvider) -> Iterator[Line]:
    """Yield header, tables and rows; raises BackupError, at the end too, when the file is not whole."""
    if not file.is_file():
        raise BackupError("There is no such file.")
    with file.open("rb") as raw:
        if raw.read(len(MAGIC)) != MAGIC:
            raise BackupError("The file is no backup.")
        salt, number, ended = raw.read(_SALT), 0, False
        made = [_key(secret, salt) for secret in keys.generations("audit").values()]
        while not ended:
            text, ended = _unsealed(made, _box(raw), number)
            yield from (orjson.loads(line) for line in text.splitlines())
            number += 1


def plain(value: Any) -> Any:
    """Return a value of a row as JSON has it."""
    return [base64.b64encode(value).decode()] if isinstance(value, bytes) else value


def value(plain: Any) -> Any:
    """Return a value of a row as the database has it."""
    return base64.b64decode(plain[0]) if isinstance(plain, list) else plain


def _write(work: Work, raw: BinaryIO) -> int:
    salt, rows, number, piece = os.urandom(_SALT), 0, 0, bytearray()
    key = _key(work.keys.secret("audit"), salt)
    raw.write(MAGIC + salt)
    for line in _content(work):
        rows += isinstance(line, list)
        piece += orjson.dumps(line) + b"\n"
        if len(piece) >= _PIECE:
            _put(raw, key, piece, _place(number))
            number += 1
            piece.clear()
    _put(raw, key, piece, _place(number, last=True))
    return rows


def _put(raw: BinaryIO, key: bytes, piece: bytearray, place: bytes) -> None:
    box = aead.seal(key, zlib.compress(piece, 1), place)
    raw.write(len(box).to_bytes(_LENGTH) + box)


def _box(raw: BinaryIO) -> bytes:
    length = int.from_bytes(raw.read(_LENGTH))
    box = raw.read(min(length, _LARGEST))
    if not box or len(box) < length:
        raise BackupError("The file is torn; take an older one.")
    return box


def _unsealed(made: list[bytes], box: bytes, number: int) -> tuple[bytes, bool]:
    """Return the lines of a piece under one of the keys, and whether it is the last."""
    for key, last in product(made, (False, True)):
        try:
            return zlib.decompress(aead.unseal(key, box, _place(number, last=last))), last
        except aead.SealError:
            continue
    raise BackupError("The backup was altered, or belongs to another node's keys.")


def _place(number: int, *, last: bool = False) -> bytes:
    return f"backup|{number}|{'last' if last else 'more'}".encode()


def _content(work: Work) -> Iterator[Line]:
    head = log.head(work.conn)
    yield {
        "mpexBackup": FORMAT,
        "node": work.settings.node_id,
        "revision": revision_of(work.conn),
        "at": instant(work.now()),
        "logSize": head.size if head else 0,
    }
    tables = MetaData()
    tables.reflect(work.conn)
    for table in tables.sorted_tables:
        if table.name != REVISIONS:
            columns = [column for column in table.columns if column.name != TENANT]
            yield {"table": table.name, "columns": [column.name for column in columns]}
            for row in streamed(work.conn, select(*columns)):
                yield [plain(cell) for cell in row]


def _key(secret: bytes, salt: bytes) -> bytes:
    return aead.mac(secret, "backup", salt)
