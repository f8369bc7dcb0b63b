"""Asks several entities at once, and all of them together for a bounded time.

An entity may answer a byte now and then for as long as it is heard. It holds up one thread and no other
entity, and a look at the anchors ends in time for the next.
"""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import TypeVar

from mpex_server.federation.faults import TrustError
from mpex_server.federation.marks import Ask
from mpex_server.federation.statements import Fetch
from mpex_server.kit.clock import Clock

AT_ONCE = 8
Read = TypeVar("Read")


def longest(trust_seconds: int) -> int:
    """Return how many seconds a look lasts at most, by those between two looks."""
    return min(240, 30 + trust_seconds // 4)


class Inquiry:
    """Who is asked in one look, and until when: `fetch` and `ask` as chains and marks ask.

    A look lasts `seconds`, of which the last quarter is for who was asked last and answers late.
    """

    def __init__(self, fetch: Fetch, ask: Ask, clock: Clock, seconds: float = 240.0) -> None:
        self._fetch, self._ask, self._clock, self._seconds = fetch, ask, clock, seconds
        self._ends = 0.0

    def allow(self, share: float) -> None:
        """Ask for a share of the look from now; what is asked later counts as silent."""
        self._ends = self._clock.monotonic() + self._seconds * share

    def now(self) -> datetime:
        """Return the present instant."""
        return self._clock.now()

    def fetch(self, url: str) -> str:
        """Return what is published at an address; raises TrustError."""
        self._check_time(url)
        return self._fetch(url)

    def ask(self, url: str, mark: str) -> str:
        """Return what the issuer of a mark says of it; raises TrustError."""
        self._check_time(url)
        return self._ask(url, mark)

    def _check_time(self, url: str) -> None:
        if self._clock.monotonic() > self._ends:
            raise TrustError("unreachable", url, "there was no time left to ask it")


def each(read: Callable[[str], Read], entities: Iterable[str]) -> list[Read]:
    """Return what `read` returns for each entity, in their order; it is called by several threads."""
    with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="trust") as pool:
        return list(pool.map(read, entities))
