"""The journal of a node: a file, better on another disk, of what must outlive the loss of the database.

Each line is a MAC, a space and a JSON object: an entry of the log with its position, or a document of which
versions up to one must not come back. It is written before the transaction commits, so a position may
stand there twice: the later line counts.
"""

import hmac
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import orjson

from mpex_server.keys import KeyProvider
from mpex_server.kit import aead, base64url, strict_json

Line = dict[str, Any]
_MAC = 43


def append(file: Path, keys: KeyProvider, lines: Iterable[Line]) -> None:
    """Add lines; they are on the disk when this returns. Raises OSError."""
    text = b"".join(_written(keys, strict_json.dumps(line)) for line in lines)
    if not text:
        return
    handle = os.open(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    with os.fdopen(handle, "ab") as journal:
        # The first line feed ends what a node that died may have left of a line.
        journal.write(b"\n" + text)
        journal.flush()
        os.fsync(journal.fileno())


def read(file: Path, keys: KeyProvider) -> Iterator[Line | None]:
    """Yield the lines in order, None for one that was torn or altered; raises OSError."""
    with file.open("rb") as journal:
        for row in journal:
            if row != b"\n":
                yield _read(keys, row.rstrip(b"\n"))


def entry(position: int, body: bytes) -> Line:
    """Return the line of an entry of the log."""
    return {"log": position, "entry": body.decode()}


def _written(keys: KeyProvider, line: bytes) -> bytes:
    return _mac(keys.secret("audit"), line) + b" " + line + b"\n"


def _read(keys: KeyProvider, row: bytes) -> Line | None:
    line = row[_MAC + 1 :]
    macs = (_mac(secret, line) for secret in keys.generations("audit").values())
    return dict(orjson.loads(line)) if any(hmac.compare_digest(row[:_MAC], mac) for mac in macs) else None


def _mac(secret: bytes, line: bytes) -> bytes:
    return base64url.encode(aead.mac(secret, "journal", line)).encode()
