"""The floors: bare Starlette with one statement by key, without and with the check of token and proof.

Little that serves documents from a database in Python can do less. Run as a process of its own, with the
folder of the node whose tokens it checks: ``python benchmarks/floor.py FOLDER DATABASE_URL``.
"""

import sqlite3
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Protocol

import asyncpg
import uvicorn
from mpex_server.app import make_node
from mpex_server.http import spec
from mpex_server.http.call import Call, fields_of
from mpex_server.node import Node
from mpex_server.oauth import principal
from mpex_server.setup import folder, serve
from sqlalchemy import make_url
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route


class Kept(Protocol):
    """Bytes by key in a database."""

    async def open(self) -> None:
        """Connect, and make the table on first use."""

    async def read(self, key: str) -> bytes:
        """Return the bytes."""

    async def write(self, key: str, body: bytes) -> None:
        """Store and commit them."""


class InSqlite:
    """One connection, asked on the event loop: nothing is quicker for a read by key."""

    def __init__(self, path: str) -> None:
        self._link = sqlite3.connect(path, isolation_level=None)

    async def open(self) -> None:
        """Make the table; writes are as durable as the node's."""
        self._link.execute("PRAGMA journal_mode=WAL")
        self._link.execute("PRAGMA synchronous=FULL")
        self._link.execute("CREATE TABLE IF NOT EXISTS floor (key TEXT PRIMARY KEY, body BLOB NOT NULL)")

    async def read(self, key: str) -> bytes:
        """Return the bytes."""
        return bytes(self._link.execute("SELECT body FROM floor WHERE key = ?", (key,)).fetchone()[0])

    async def write(self, key: str, body: bytes) -> None:
        """Store and commit them."""
        self._link.execute("INSERT INTO floor VALUES (?, ?)", (key, body))


class InPostgres:
    """The quickest driver, asyncpg, with its pool as it comes."""

    _pool: asyncpg.Pool

    def __init__(self, url: str) -> None:
        self._url = url

    async def open(self) -> None:
        """Connect and make the table."""
        self._pool = await asyncpg.create_pool(self._url, min_size=8, max_size=8)
        table = "CREATE TABLE IF NOT EXISTS floor (key text PRIMARY KEY, body bytea NOT NULL)"
        await self._pool.execute(table)

    async def read(self, key: str) -> bytes:
        """Return the bytes."""
        return bytes(await self._pool.fetchval("SELECT body FROM floor WHERE key = $1", key))

    async def write(self, key: str, body: bytes) -> None:
        """Store and commit them."""
        await self._pool.execute("INSERT INTO floor VALUES ($1, $2)", key, body)


def make_app(node: Node, kept: Kept) -> Starlette:
    """Return the application: bare under /bare, with token and proof at the address of person records."""
    read_person = spec.operations()["getPerson"]

    async def read(request: Request) -> Response:
        return Response(await kept.read(request.path_params["key"]), media_type="application/json")

    async def write(request: Request) -> Response:
        body = await request.body()
        await kept.write(request.path_params["key"], body)
        return Response(body, 201, media_type="application/json")

    async def checked(request: Request) -> Response:
        headers = fields_of(request.headers.raw)
        raw_path = request.scope["raw_path"].decode()
        principal.read_credentials(Call(node, read_person, "", raw_path, {}, "", headers, b""))
        return await read(request)

    @asynccontextmanager
    async def opened(_app: Starlette) -> AsyncIterator[None]:
        await kept.open()
        yield

    routes = [
        Route("/bare/{key}", read, methods=["GET"]),
        Route("/bare/{key}", write, methods=["POST"]),
        Route("/v1/persons/{key}", checked, methods=["GET"]),
    ]
    return Starlette(routes=routes, lifespan=opened)


def main(directory: str, url: str) -> None:
    """Serve the floors until told to stop."""
    address = make_url(url)
    kept: Kept
    if address.get_backend_name() == "sqlite":
        kept = InSqlite(str(address.database))
    else:
        kept = InPostgres(address.set(drivername="postgresql").render_as_string(hide_password=False))
    sock = serve.bind("127.0.0.1", 0)
    print(f"http://127.0.0.1:{sock.getsockname()[1]}")
    app = make_app(make_node(folder.load(Path(directory))), kept)
    uvicorn.Server(uvicorn.Config(app, log_config=None, access_log=False)).run(sockets=[sock])


if __name__ == "__main__":
    main(*sys.argv[1:])
