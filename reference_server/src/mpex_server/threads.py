"""The node's threads: units of work run in them one after another, and their results return in batches.

An executor of the standard library makes a second future for each call and wakes the event loop for each
result, which together cost more than a read of the database.
"""

from asyncio import AbstractEventLoop, Future, get_running_loop
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from queue import SimpleQueue
from threading import Lock, Thread
from typing import Any, ParamSpec, TypeVar
from weakref import WeakKeyDictionary

P = ParamSpec("P")
T = TypeVar("T")
_Done = tuple[Future[Any], Any, BaseException | None]


class Threads:
    """A fixed number of threads, started by the first unit of work; each result returns to its event loop."""

    def __init__(self, number: int) -> None:
        self._number = number
        self._threads: list[Thread] = []
        self._starting = Lock()
        self._waiting: SimpleQueue[tuple[_Results, Future[Any], Callable[[], Any]] | None] = SimpleQueue()
        self._results: WeakKeyDictionary[AbstractEventLoop, _Results] = WeakKeyDictionary()

    def run(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> "Future[T]":
        """Return the future result of a unit of work that runs off the event loop."""
        if not self._threads:
            self._start()
        loop = get_running_loop()
        results = self._results.get(loop) or self._results.setdefault(loop, _Results())
        future: Future[T] = loop.create_future()
        self._waiting.put((results, future, lambda: work(*args, **kwargs)))
        return future

    def close(self) -> None:
        """Wait until everything that was begun or waits has run."""
        for _ in self._threads:
            self._waiting.put(None)
        for thread in self._threads:
            thread.join()
        self._threads = []

    def _start(self) -> None:
        with self._starting:
            if self._threads:
                return
            names = [f"mpex-{number}" for number in range(self._number)]
            self._threads = [Thread(target=self._work, name=name, daemon=True) for name in names]
            for thread in self._threads:
                thread.start()

    def _work(self) -> None:
        while unit := self._waiting.get():
            results, future, work = unit
            try:
                done: _Done = (future, work(), None)
            except StopIteration as error:
                # No future takes one, and who awaits it would wait for ever.
                done = (future, None, _caused(error))
            except BaseException as error:  # noqa: BLE001 - it is raised where the result is awaited
                done = (future, None, error)
            results.tell(done)


class _Results:
    """Results on their way to one event loop."""

    def __init__(self) -> None:
        self._done: deque[_Done] = deque()
        self._told = False

    def tell(self, done: _Done) -> None:
        """Hand a result over in the event loop, unless that has ended and nobody waits any more."""
        self._done.append(done)
        if not self._told:
            self._told = True
            with suppress(RuntimeError):
                done[0].get_loop().call_soon_threadsafe(self._hand_over)

    def _hand_over(self) -> None:
        # Before the queue is emptied, so that a result that comes meanwhile is told of again.
        self._told = False
        while self._done:
            future, result, error = self._done.popleft()
            if future.cancelled():
                continue
            if error is None:
                future.set_result(result)
            else:
                future.set_exception(error)


def _caused(error: StopIteration) -> RuntimeError:
    raised = RuntimeError("a unit of work raised StopIteration")
    raised.__cause__ = error
    return raised
