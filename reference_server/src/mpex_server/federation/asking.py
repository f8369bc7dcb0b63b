"""Asks several entities at once, and all of them together for a bounded time.

An entity may answer a byte now and then for as long as it is heard. It holds up threads of its own branch and
nobody in another, and a look at the anchors ends in time for the next.
"""

from collections import Counter, deque
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import datetime
from random import SystemRandom
from threading import Condition
from typing import Self, TypeVar

from mpex_server.federation.faults import TrustError
from mpex_server.federation.marks import Ask
from mpex_server.federation.statements import Fetch
from mpex_server.kit.clock import Clock
from mpex_server.peers.client import Peers

AT_ONCE = 8
_OF_ONE_BRANCH = 2
Read = TypeVar("Read")
Within = Callable[[float], AbstractContextManager[None]]
"""Lets no exchange that is made inside last for longer than some seconds."""


def longest(trust_seconds: int) -> int:
    """Return how many seconds a look lasts at most, by those between two looks."""
    return min(240, 30 + trust_seconds // 4)


class Inquiry:
    """Who is asked in one look of `seconds`, and until when: `fetch` and `ask` as chains and marks ask."""

    def __init__(
        self, fetch: Fetch, ask: Ask, clock: Clock, seconds: float = 240.0, *, within: Within | None = None
    ) -> None:
        self._fetch, self._ask, self._clock, self._seconds = fetch, ask, clock, seconds
        self._within: Within = within or (lambda _seconds: nullcontext())
        self._ends = 0.0

    @classmethod
    def by(cls, peers: Peers, clock: Clock, seconds: float = 240.0) -> Self:
        """Return one whose exchanges end with the time that is allowed for them."""
        return cls(peers.fetch, peers.ask_status, clock, seconds, within=peers.within)

    def allow(self, share: float) -> None:
        """Ask for a share of the look from now; what is asked, or answered, later counts as silent."""
        self._ends = self._clock.monotonic() + self._seconds * share

    def now(self) -> datetime:
        """Return the present instant."""
        return self._clock.now()

    def fetch(self, url: str) -> str:
        """Return what is published at an address; raises TrustError."""
        with self._in_time(url):
            return self._fetch(url)

    def ask(self, url: str, mark: str) -> str:
        """Return what the issuer of a mark says of it; raises TrustError."""
        with self._in_time(url):
            return self._ask(url, mark)

    @contextmanager
    def _in_time(self, url: str) -> Iterator[None]:
        left = self._ends - self._clock.monotonic()
        if left < 0:
            raise TrustError("unreachable", url, "there was no time left to ask it")
        with self._within(left):
            yield


def mixed(names: Collection[str]) -> list[str]:
    """Return names in another order each time, so that whom one look leaves out another finds."""
    return SystemRandom().sample(list(names), len(names))


def each(
    read: Callable[[str], Read], branches: Mapping[str, Collection[str]], entities: Sequence[str]
) -> list[Read]:
    """Return what `read` returns for each entity, in their order; it is called by several threads.

    Branches share the threads, and the entities of each go in their order. One that is in several goes with
    the first that has a thread for it. Who answers late in one branch keeps nobody in another from being
    asked.
    """
    turns, made = _Turns(branches, entities), dict[str, Read]()

    def work() -> None:
        while (taken := turns.take()) is not None:
            branch, entity = taken
            try:
                made[entity] = read(entity)
            finally:
                turns.end(branch)

    with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="trust") as pool:
        for done in [pool.submit(work) for _ in range(AT_ONCE)]:
            done.result()
    return [made[entity] for entity in entities]


class _Turns:
    """Who is asked next, so that no branch holds all threads while another waits."""

    def __init__(self, branches: Mapping[str, Collection[str]], entities: Iterable[str]) -> None:
        self._left = set[str]()
        self._waiting = dict[str, deque[str]]()
        self._busy = Counter[str]()
        self._change = Condition()
        for entity in entities:
            self._left.add(entity)
            for branch in branches[entity]:
                self._waiting.setdefault(branch, deque()).append(entity)

    def take(self) -> tuple[str, str] | None:
        """Return the next entity and its branch, once that may have a thread; None when all are taken."""
        with self._change:
            while self._left:
                if (branch := self._free()) is None:
                    self._change.wait()
                elif (entity := self._next(branch)) is not None:
                    return branch, entity
            return None

    def end(self, branch: str) -> None:
        """Give back a thread of a branch."""
        with self._change:
            self._busy[branch] -= 1
            self._change.notify_all()

    def _free(self) -> str | None:
        most = max(_OF_ONE_BRANCH, AT_ONCE // max(1, len(self._waiting)))
        return next((branch for branch in self._waiting if self._busy[branch] < most), None)

    def _next(self, branch: str) -> str | None:
        """Return who is next in a branch, which comes last from now on; None when nobody is left in it."""
        queue = self._waiting.pop(branch)
        while queue:
            entity = queue.popleft()
            if entity in self._left:
                self._left.discard(entity)
                self._busy[branch] += 1
                if queue:
                    self._waiting[branch] = queue
                self._change.notify_all()
                return entity
        return None
