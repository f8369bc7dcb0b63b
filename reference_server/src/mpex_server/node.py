"""What a running node is made of; built once by `app.create_app` and handed to every handler."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import ParamSpec, TypeVar

from sqlalchemy import Engine

from mpex_server.keys import KeyProvider
from mpex_server.kit.clock import Clock
from mpex_server.kit.slots import Slots
from mpex_server.oauth.cache import TokenCache
from mpex_server.observation.metrics import Metrics
from mpex_server.observation.traces import NoTraces, Traces
from mpex_server.peers.client import Peers
from mpex_server.settings import Settings
from mpex_server.threads import Threads

P = ParamSpec("P")
T = TypeVar("T")
LOOKS_AT_ONCE = 4


@dataclass(slots=True)
class Load:
    """How many requests run in this process, or wait for a thread; `calm` is set while there are none."""

    requests: int = 0
    calm: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        """Begin without requests."""
        self.calm.set()

    @contextmanager
    def request(self) -> Iterator[None]:
        """Count a request while it is here; only the event loop counts."""
        self.requests += 1
        self.calm.clear()
        try:
            yield
        finally:
            self.requests -= 1
            if not self.requests:
                self.calm.set()


@dataclass(frozen=True, slots=True)
class Node:
    """Settings, time, keys, database, threads, the way to partners, and what is observed of one process.

    `looking` holds the partners that are asked for the keys that they have today.
    """

    settings: Settings
    clock: Clock
    keys: KeyProvider
    engine: Engine
    threads: Threads
    peers: Peers
    looking: Slots = field(default_factory=partial(Slots, LOOKS_AT_ONCE))
    tokens: TokenCache = field(default_factory=TokenCache)
    load: Load = field(default_factory=Load)
    metrics: Metrics = field(default_factory=Metrics)
    traces: Traces = field(default_factory=NoTraces)

    async def hop(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a unit of work in one of the node's threads, off the event loop."""
        return await self.threads.run(work, *args, **kwargs)

    def close(self) -> None:
        """Wait for running units of work, then release threads and database connections."""
        self.threads.close()
        self.peers.close()
        self.engine.dispose()
        self.traces.close()
