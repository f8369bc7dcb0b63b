"""A backup: every table of a node in one file, as rows, readable with the node's keys only.

The file is gzip over lines of JSON: a header, then for each table its name and columns and its rows (a list
each, bytes as a list of one base64 text), at last the number of rows and a MAC over every line before.
Either kind of database takes what the other one gave. It holds no key that opens anything by itself.
"""

import base64
import gzip
import hashlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

import orjson
from sqlalchemy import MetaData, select

from mpex_server.audit import repository as log
from mpex_server.disclosures.work import Work
from mpex_server.keys import KeyProvider
from mpex_server.kit import aead, base64url
from mpex_server.kit.clock import instant
from mpex_server.storage.engine import streamed
from mpex_server.storage.schema import revision_of

FORMAT = 1
REVISIONS = "alembic_version"
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
    digest = hashlib.sha256()
    try:
        with gzip.open(file) as text:
            before = b""
            for line in text:
                if before:
                    digest.update(before)
                    yield orjson.loads(before)
                before = line
            end = orjson.loads(before)
    except (OSError, EOFError, ValueError) as error:
        raise BackupError("The file is no backup, or is torn; take an older one.") from error
    if not isinstance(end, dict) or end.get("mac") != _mac(keys, digest.digest()):
        raise BackupError("The backup was altered, or belongs to another node's keys.")


def plain(value: Any) -> Any:
    """Return a value of a row as JSON has it."""
    return [base64.b64encode(value).decode()] if isinstance(value, bytes) else value


def value(plain: Any) -> Any:
    """Return a value of a row as the database has it."""
    return base64.b64decode(plain[0]) if isinstance(plain, list) else plain


def _write(work: Work, raw: BinaryIO) -> int:
    digest, rows = hashlib.sha256(), 0
    with gzip.GzipFile(filename="", fileobj=raw, mode="wb", compresslevel=1) as file:
        for line in _content(work):
            rows += isinstance(line, list)
            text = orjson.dumps(line) + b"\n"
            digest.update(text)
            file.write(text)
        file.write(orjson.dumps({"rows": rows, "mac": _mac(work.keys, digest.digest())}) + b"\n")
    return rows


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
            yield {"table": table.name, "columns": [column.name for column in table.columns]}
            for row in streamed(work.conn, select(table)):
                yield [plain(cell) for cell in row]


def _mac(keys: KeyProvider, digest: bytes) -> str:
    return base64url.encode(aead.mac(keys.secret("audit"), "backup", digest))
