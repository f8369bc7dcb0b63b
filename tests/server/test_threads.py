"""Units of work in the node's threads: results and failures arrive, and closing waits for what was begun."""

import asyncio
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from mpex_server.threads import Threads


@pytest.fixture
def threads() -> Iterator[Threads]:
    """Three threads, closed after use."""
    made = Threads(3)
    yield made
    made.close()


def test_every_result_arrives_where_it_is_awaited(threads: Threads) -> None:
    async def all_of(number: int) -> list[int]:
        return await asyncio.gather(*(threads.run(lambda x: x * x, each) for each in range(number)))

    for _ in range(2):
        assert asyncio.run(all_of(500)) == [each * each for each in range(500)]


def test_a_failure_is_raised_where_it_is_awaited_and_ends_no_thread(threads: Threads) -> None:
    def fail() -> None:
        raise LookupError("gone")

    async def ask() -> None:
        for _ in range(6):
            with pytest.raises(LookupError, match="gone"):
                await threads.run(fail)
        assert await threads.run(threading.get_ident) != threading.get_ident()

    asyncio.run(ask())


def test_an_iterator_at_its_end_is_a_failure_and_not_silence(threads: Threads) -> None:
    async def ask() -> None:
        with pytest.raises(RuntimeError, match="StopIteration"):
            await asyncio.wait_for(threads.run(next, iter(())), 60)

    asyncio.run(ask())


def test_who_stops_waiting_stops_nobody_else(threads: Threads) -> None:
    entered, go_on = threading.Barrier(4), threading.Event()

    def wait() -> bool:
        entered.wait(60)
        return go_on.wait(60)

    async def ask() -> None:
        futures = [threads.run(wait) for _ in range(3)]
        await asyncio.to_thread(entered.wait, 60)
        futures[0].cancel()
        go_on.set()
        assert await asyncio.gather(*futures[1:]) == [True, True]

    asyncio.run(ask())


def test_each_event_loop_gets_its_own_results(threads: Threads) -> None:
    async def ask() -> list[int]:
        return [await threads.run(lambda x: x + 1, each) for each in range(3000)]

    with ThreadPoolExecutor(4) as loops:
        asked = [loops.submit(asyncio.run, asyncio.wait_for(ask(), 60)) for _ in range(4)]
        assert [each.result() for each in asked] == [list(range(1, 3001))] * 4


def test_an_event_loop_that_ended_early_keeps_nothing_from_the_next(threads: Threads) -> None:
    go_on = threading.Event()

    async def leave() -> None:
        threads.run(go_on.wait, 60)

    async def ask() -> bool:
        return await asyncio.wait_for(threads.run(go_on.is_set), 60)

    for _ in range(4):
        asyncio.run(leave())
    go_on.set()
    assert asyncio.run(ask())


def test_closing_waits_for_what_was_begun_and_for_what_waits() -> None:
    threads, ended = Threads(1), list[int]()

    async def ask() -> None:
        for each in range(5):
            threads.run(ended.append, each)
        await asyncio.to_thread(threads.close)

    asyncio.run(ask())
    assert ended == [0, 1, 2, 3, 4]
