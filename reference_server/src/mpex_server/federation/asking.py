"""Asks several entities at once, and all of them together for a bounded time.

An entity may answer a byte now and then for as long as it is heard. It holds up one thread and no other
entity, and a look at the anchors ends in time for the next.
"""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec, TypeVar

from mpex_server.federation.faults import TrustError
from mpex_server.kit.clock import Clock

AT_ONCE = 8
LONGEST_SECONDS = 300.0
Asked = ParamSpec("Asked")
Read = TypeVar("Read")


def each(read: Callable[[str], Read], entities: Iterable[str]) -> list[Read]:
    """Return what `read` returns for each entity, in their order; it is called by several threads."""
    with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="trust") as pool:
        return list(pool.map(read, entities))


def bounded(ask: Callable[Asked, str], clock: Clock) -> Callable[Asked, str]:
    """Return `ask`, which raises TrustError `unreachable` once the time for all that is asked is over."""
    ends = clock.monotonic() + LONGEST_SECONDS

    def asked(*args: Asked.args, **kwargs: Asked.kwargs) -> str:
        if clock.monotonic() > ends:
            raise TrustError("unreachable", str(args[0]), "there was no time left to ask it")
        return ask(*args, **kwargs)

    return asked
