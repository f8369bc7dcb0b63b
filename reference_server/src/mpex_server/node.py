"""What a running node is made of; built once by `app.create_app` and handed to every handler."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import ParamSpec, TypeVar

from sqlalchemy import Engine

from mpex_server.keys import KeyProvider
from mpex_server.kit.clock import Clock
from mpex_server.oauth.cache import TokenCache
from mpex_server.peers.client import Peers
from mpex_server.settings import Settings

P = ParamSpec("P")
T = TypeVar("T")


@dataclass(slots=True)
class Load:
    """How many requests run in this process, or wait for a thread."""

    requests: int = 0


@dataclass(frozen=True, slots=True)
class Node:
    """Settings, time, keys, database, threads and the way to partners of one process."""

    settings: Settings
    clock: Clock
    keys: KeyProvider
    engine: Engine
    executor: ThreadPoolExecutor
    peers: Peers
    tokens: TokenCache = field(default_factory=TokenCache)
    load: Load = field(default_factory=Load)

    async def hop(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a unit of work in one of the node's threads, off the event loop."""
        return await asyncio.get_running_loop().run_in_executor(self.executor, lambda: work(*args, **kwargs))

    def close(self) -> None:
        """Wait for running units of work, then release threads and database connections."""
        self.executor.shutdown()
        self.peers.close()
        self.engine.dispose()
