"""Short units of work share a commit at SQLite, and nothing else: each fails alone, none returns before."""

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Event
from typing import Any

import pytest
from mpex_server.storage import tables as t
from mpex_server.storage.engine import make_engine, transaction
from sqlalchemy import Connection, Engine, event, func, insert, select
from sqlalchemy.exc import OperationalError

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
OTHERS = 3


class Writers:
    """Threads that write short units of work; the first goes on when the others wait for their turn."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.commits: list[Connection] = []
        self._threads = ThreadPoolExecutor(OTHERS + 1)
        self._turns: Any = engine.get_execution_options()["mpex_turns"]
        event.listen(engine, "commit", self.commits.append)

    def run(self, *, spoilt: int | None = None, sql: str | None = None) -> list[Future[bool]]:
        """Return what became of each unit; after its insertion, `spoilt` fails, or runs `sql`."""
        entered = Event()

        def write(number: int) -> bool:
            with transaction(self.engine, short=True) as conn:
                conn.execute(insert(t.replay).values(value=bytes([number]), expires=number))
                entered.set()
                self._wait_for_others(number)
                if number == spoilt and sql is not None:
                    conn.exec_driver_sql(sql)
                elif number == spoilt:
                    raise LookupError("spoilt")
            return number in self.kept()

        first = self._threads.submit(write, 0)
        assert entered.wait(60)
        done = [first, *(self._threads.submit(write, number) for number in range(1, OTHERS + 1))]
        self._threads.shutdown()
        return done

    def _wait_for_others(self, number: int) -> None:
        pause = Event()
        for _ in range(6000):
            if number > 0 or self._turns._waiting == OTHERS:
                return
            pause.wait(0.01)

    def kept(self) -> list[int]:
        """Return the numbers of the units that another connection sees."""
        with transaction(self.engine, write=False) as conn:
            return list(conn.scalars(select(t.replay.c.expires).order_by(t.replay.c.expires)))


@pytest.fixture
def writers(database_url: str) -> Iterator[Writers]:
    """Writers on an empty database."""
    engine = make_engine(database_url, "node:one")
    yield Writers(engine)
    engine.dispose()


def test_all_that_wait_are_committed_at_once_and_return_after_it(writers: Writers) -> None:
    assert all(done.result(60) for done in writers.run())
    written = [conn for conn in writers.commits if conn.get_execution_options()["mpex_write"]]
    assert len(written) == 1


@pytest.mark.parametrize("spoilt", [0, 1, OTHERS])
def test_a_unit_that_fails_is_undone_alone(writers: Writers, spoilt: int) -> None:
    done = writers.run(spoilt=spoilt)
    with pytest.raises(LookupError):
        done.pop(spoilt).result(60)
    assert all(other.result(60) for other in done)
    assert writers.kept() == [number for number in range(OTHERS + 1) if number != spoilt]


def test_a_transaction_that_is_lost_is_lost_for_all_who_shared_it(writers: Writers) -> None:
    failures = [done.exception(10) for done in writers.run(spoilt=2, sql="ROLLBACK")]
    assert all(isinstance(failures[number], OperationalError) for number in (0, 2))
    assert writers.kept() == [number for number, failure in enumerate(failures) if failure is None]


def test_a_longer_one_waits_until_the_short_ones_are_committed(writers: Writers) -> None:
    writers.run()
    with transaction(writers.engine) as conn:
        assert conn.scalar(select(func.count()).select_from(t.replay)) == OTHERS + 1
