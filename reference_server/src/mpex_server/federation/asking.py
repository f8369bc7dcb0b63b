"""Asks several entities at once, and all of them together for a bounded time.

An entity may answer a byte now and then for as long as it is heard. It holds up one thread and no other
entity, and a look at the anchors ends in time for the next.
"""

from collections import Counter, deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from threading import Condition
from typing import TypeVar

from mpex_server.federation.faults import TrustError
from mpex_server.federation.marks import Ask
from mpex_server.federation.statements import Fetch
from mpex_server.kit.clock import Clock

AT_ONCE = 8
_OF_ONE_BRANCH = 2
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


def each_by_branches(
    read: Callable[[str], Read], branches: Mapping[str, str], entities: Sequence[str]
) -> list[Read]:
    """Return what `each` does, while those of one branch hold two threads at most.

    Branches take turns, and the entities of each go in their order. Who answers late in one branch keeps
    nobody in another from being asked.
    """
    turns, made = _Turns(branches, entities), dict[str, Read]()

    def work() -> None:
        while (entity := turns.take()) is not None:
            try:
                made[entity] = read(entity)
            finally:
                turns.end(entity)

    with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="trust") as pool:
        for done in [pool.submit(work) for _ in range(AT_ONCE)]:
            done.result()
    return [made[entity] for entity in entities]


class _Turns:
    """Who is asked next, so that no branch holds all threads."""

    def __init__(self, branches: Mapping[str, str], entities: Iterable[str]) -> None:
        self._branches = branches
        self._waiting = dict[str, deque[str]]()
        self._busy = Counter[str]()
        self._change = Condition()
        for entity in entities:
            self._waiting.setdefault(branches[entity], deque()).append(entity)

    def take(self) -> str | None:
        """Return the next entity, once its branch may have a thread; None when nobody waits any more."""
        with self._change:
            while self._waiting:
                free = (branch for branch in self._waiting if self._busy[branch] < _OF_ONE_BRANCH)
                if (branch := next(free, None)) is not None:
                    return self._next(branch)
                self._change.wait()
            return None

    def end(self, entity: str) -> None:
        """Give back the thread of an entity."""
        with self._change:
            self._busy[self._branches[entity]] -= 1
            self._change.notify_all()

    def _next(self, branch: str) -> str:
        queue = self._waiting.pop(branch)
        self._busy[branch] += 1
        entity = queue.popleft()
        if queue:
            self._waiting[branch] = queue
        else:
            self._change.notify_all()
        return entity
