"""What an office could run instead, measured with the same documents in the same turns as the node.

The peers need libraries that nothing else here does, so they have an environment of their own, which
``make bench`` installs from a lock; without it there are no such rows.
"""

import base64
import json
import secrets
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from joserfc import jwt
from joserfc.jwk import OctKey
from sqlalchemy import make_url

from benchmarks import load
from benchmarks.processes import Process, running

Json = dict[str, Any]
PYTHON = Path(sys.prefix) / "peers" / "bin" / "python"
_HERE = Path(__file__).parent
_BUCKET = "/v1/buckets/bench"
_COLLECTION = f"{_BUCKET}/collections/persons"


@dataclass(frozen=True)
class Peer:
    """A running peer: how it is asked for a record by key and given one, and how many may write at once."""

    name: str
    process: Process
    headers: dict[str, str]
    address: Callable[[str], str]
    create: Callable[[str, Json], tuple[str, str, Json]]
    writers: int = load.CONNECTIONS

    def read(self, record: Json) -> bytes:
        """Return the request for a record."""
        return load.message("GET", self.address(_key(record)), self.headers)

    def write(self, record: Json) -> bytes:
        """Return the request that stores a record."""
        method, path, body = self.create(_key(record), record)
        return _sent(method, path, self.headers, body)


def started(stack: ExitStack, folder: Path, database_url: str) -> Iterator[Peer]:
    """Start the peers on a database that the node uses too; there are none without their environment."""
    if not PYTHON.exists():
        return
    yield _fastapi(stack, folder, database_url)
    if database_url.startswith("postgresql"):
        yield _kinto(stack, folder, database_url)


def _fastapi(stack: ExitStack, folder: Path, database_url: str) -> Peer:
    url = database_url if database_url.startswith("postgresql") else f"sqlite:///{folder / 'fastapi.db'}"
    secret = secrets.token_urlsafe(32)
    command = [str(_HERE / "fastapi_orm.py"), url, secret]
    process = stack.enter_context(running(command, folder / "fastapi.log", python=PYTHON))
    token = jwt.encode({"alg": "HS256"}, {"sub": "bench"}, OctKey.import_key(secret))
    return Peer(
        "FastAPI with object mapper",
        process,
        {"Authorization": f"Bearer {token}"},
        lambda key: f"/persons/{key}",
        lambda key, record: ("POST", "/persons", {"key": key, "data": record}),
    )


def _kinto(stack: ExitStack, folder: Path, database_url: str) -> Peer:
    url = make_url(database_url).set(drivername="postgresql").render_as_string(hide_password=False)
    command = ["-W", "ignore", str(_HERE / "kinto_records.py"), url]
    process = stack.enter_context(running(command, folder / "kinto.log", python=PYTHON))
    headers = {"Authorization": f"Basic {base64.b64encode(b'bench:invented').decode()}"}
    for path in (_BUCKET, _COLLECTION):
        load.send(process.url, [_sent("PUT", path, headers, {})], 201)

    def address(key: str) -> str:
        return f"{_COLLECTION}/records/{key}"

    def create(key: str, record: Json) -> tuple[str, str, Json]:
        return "PUT", address(key), {"data": record}

    # Of those who write into a collection at once, it refuses all but one.
    return Peer("Kinto", process, headers, address, create, writers=1)


def _key(record: Json) -> str:
    return str(record["recordId"]).replace(":", "-")


def _sent(method: str, path: str, headers: dict[str, str], body: Json) -> bytes:
    raw = json.dumps(body, ensure_ascii=False).encode()
    return load.message(method, path, headers | {"Content-Type": "application/json"}, raw)
