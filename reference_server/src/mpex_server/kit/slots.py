"""One thread at once for each of several names, and a few threads for all of them together."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock


class Slots:
    """Which names are taken; nobody waits for one."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._taken: set[str] = set()
        self._lock = Lock()

    @contextmanager
    def take(self, name: str) -> Iterator[bool]:
        """Hold a name; False when another thread has it, or too many are held."""
        with self._lock:
            free = name not in self._taken and len(self._taken) < self._most
            if free:
                self._taken.add(name)
        try:
            yield free
        finally:
            if free:
                with self._lock:
                    self._taken.discard(name)
