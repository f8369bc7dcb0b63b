"""Measure what an operation costs as the register grows: ``python benchmarks/growth.py DATABASES… SIZES…``.

One process works on one database through the node's own functions, without HTTP: what the web costs does not
grow. Records are stored as an import stores them. CPU time is this process's, SQLite included, and that of
PostgreSQL's process which serves it (Linux: from /proc).
"""

import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from mpex_conformance import samples
from mpex_server.disclosures.decision import decide_record
from mpex_server.disclosures.work import OwnWork
from mpex_server.domain.directives import Requester
from mpex_server.keys import FileKeys
from mpex_server.kit.clock import SystemClock
from mpex_server.kit.ids import new_id
from mpex_server.persons.service import PERSONS
from mpex_server.records import contributed
from mpex_server.records import service as records
from mpex_server.searches import duplicates, service
from mpex_server.settings import Settings
from mpex_server.storage.engine import make_engine, transaction
from sqlalchemy import Engine, text

from benchmarks.register import Register
from tools import tables
from tools.embedded_postgres import cluster, new_database

Json = dict[str, Any]
DATABASES, SIZES = ("sqlite", "postgresql"), (10_000, 100_000)
PURPOSE = "searchLiving"
_BATCH, _CALLS, _KEPT = 200, 25, 400


@dataclass(frozen=True)
class Cost:
    """Milliseconds of one call, medians: CPU time here and in PostgreSQL, and time on the clock."""

    cpu: float
    database: float
    wall: float


class Grown:
    """A register in one database, of which some records are remembered to ask for."""

    def __init__(self, folder: Path, database_url: str) -> None:
        self._keys = FileKeys.create(folder / "keys")
        self._settings = Settings(
            environment="sandbox",
            node_id=new_id("node"),
            name="Growing register",
            public_url="https://node.example",
            database_url=database_url,
            key_dir=folder / "keys",
        )
        self.engine: Engine = make_engine(database_url, self._settings.node_id)
        tables.create(database_url)
        self._backend = self._process()
        self.people, self.size = Register(), 0
        self.held: list[tuple[str, Json]] = []
        body = samples.directive([samples.grant([PURPOSE])])
        self.directive = body.setdefault("directiveId", new_id("directive"))
        with self.work() as work:
            work.documents.create(self.directive, body, kind="directive", type="enquirer", status="active")

    @contextmanager
    def work(self) -> Iterator[OwnWork]:
        """Open a unit of work."""
        with transaction(self.engine) as conn:
            yield OwnWork(conn, self._keys, SystemClock(), self._settings)

    def used(self) -> tuple[float, float, float]:
        """Return the seconds of CPU used so far, here and in PostgreSQL, and those on the clock."""
        return time.process_time(), self._used_there(), time.perf_counter()

    def _used_there(self) -> float:
        return int(self._backend.read_text("ascii").split()[0]) / 1e9 if self._backend else 0.0

    def _process(self) -> Path | None:
        """Return where Linux tells the nanoseconds of PostgreSQL's process for the one connection."""
        if self.engine.dialect.name == "sqlite":
            return None
        with self.engine.connect() as conn:
            return Path("/proc", str(conn.scalar(text("SELECT pg_backend_pid()"))), "schedstat")

    def add(self, number: int) -> None:
        """Store people as one batch of an import is stored."""
        bodies = [self.people.person(self.directive) for _ in range(number)]
        for body in bodies:
            body |= {"recordId": new_id("person"), "custodian": self._settings.node_id}
            body["contributions"][0]["contributionId"] = new_id("contribution")
        with self.work() as work:
            contributed.stored_first(work, records.add_many(work, PERSONS, bodies))
        self.size += number
        if len(self.held) < _KEPT or self.size % (50 * _BATCH) == 0:
            self.held.append((bodies[0]["recordId"], bodies[0]))


def operations(grown: Grown) -> dict[str, Callable[[int], object]]:
    """Return what is measured, what adds records last; each call is given its number."""
    partner = Requester(
        node_id=new_id("node"),
        recipient_class="humanitarian",
        territories=frozenset({"ES"}),
        purposes=frozenset({PURPOSE}),
    )

    def held(number: int) -> tuple[str, Json]:
        return grown.held[number * 7919 % len(grown.held)]

    def read(number: int) -> object:
        with grown.work() as work:
            found = work.documents.get(held(number)[0])
            return found and found.body

    def search(query: Json, asker: Requester | None) -> object:
        asked = samples.search(query, PURPOSE)
        with grown.work() as work:
            if asker is None:
                return service.own(work, new_id("search"), asked, actor=new_id("client"))
            return service.for_partner(work, new_id("search"), asker, asked)

    def alike(number: int) -> object:
        with grown.work() as work:
            (record,) = work.documents.many([held(number)[0]])
            return duplicates.has_like(work, record)

    def decide(number: int) -> object:
        with grown.work() as work:
            (record,) = work.documents.many([held(number)[0]])
            return decide_record(
                work.documents, record, partner, purpose=PURPOSE, categories={"names"}, at=work.now()
            )

    def page(_number: int) -> object:
        with grown.work() as work:
            return work.documents.listing("person", limit=50)

    return {
        "read a record": read,
        "decide on a release": decide,
        "list 50 records": page,
        "search by staff": lambda n: search(grown.people.query(held(n)[1]), None),
        "search for nobody": lambda _: search(grown.people.stranger(), None),
        "search by a partner": lambda n: search(grown.people.query(held(n)[1]), partner),
        "search for duplicates of a record": alike,
        "store a record": lambda _: grown.add(1),
        f"store {_BATCH} of an import": lambda _: grown.add(_BATCH),
    }


def measure(grown: Grown, call: Callable[[int], object], calls: int) -> Cost:
    """Call some times, each with another number, and return the median cost; the first call warms up."""
    call(0)
    spent = list[tuple[float, ...]]()
    for number in range(1, calls + 1):
        began = grown.used()
        call(number)
        spent.append(tuple((now - then) * 1000 for now, then in zip(grown.used(), began, strict=True)))
    return Cost(*map(statistics.median, zip(*spent, strict=True)))


def grow(
    folder: Path, database_url: str, sizes: tuple[int, ...], calls: int = _CALLS
) -> Iterator[tuple[int, dict[str, Cost]]]:
    """Yield the costs at each size, smallest first, each measured over a number of calls."""
    grown = Grown(folder, database_url)
    for size in sizes:
        while grown.size < size:
            grown.add(min(_BATCH, size - grown.size))
        yield size, {name: measure(grown, call, calls) for name, call in operations(grown).items()}
    grown.engine.dispose()


def main(*words: str) -> None:
    """Print one row for each operation at each size, on each database."""
    sizes = tuple(int(word) for word in words if word.isdigit()) or SIZES
    with tempfile.TemporaryDirectory(prefix="mpex-growth-") as name:
        for database in [word for word in words if word in DATABASES] or DATABASES:
            folder = Path(name, database)
            folder.mkdir()
            if database == "sqlite":
                show(database, grow(folder, f"sqlite:///{folder}/node.db", sizes))
            else:
                with cluster() as server:
                    show(database, grow(folder, new_database(server, "growth"), sizes))


def show(database: str, measured: Iterator[tuple[int, dict[str, Cost]]]) -> None:
    """Print what was measured on a database as it comes."""
    first: dict[str, Cost] = {}
    for size, costs in measured:
        first = first or costs
        head = f"{database}, {size:,} records"
        print(f"{head:36}{'CPU ms':>10}{'database':>10}{'wall ms':>10}{'times':>8}", flush=True)
        for name, cost in costs.items():
            times = cost.cpu / first[name].cpu
            print(f"{name:36}{cost.cpu:10.2f}{cost.database:10.2f}{cost.wall:10.2f}{times:8.2f}", flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
