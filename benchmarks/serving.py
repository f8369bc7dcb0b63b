"""Measure a real node on one database against the floors, in turns, so that all meet the same machine.

CPU time is that of the server process with all its threads, background jobs included; that of PostgreSQL's
processes is shown beside it. A ratio is the floor's CPU time by the series', from the same turn.
"""

import json
import math
import statistics
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from mpex_conformance import profile, samples
from mpex_conformance.wire import contract
from mpex_conformance.wire.actor import Actor, Doors
from mpex_conformance.wire.client import Wire

from benchmarks import load
from benchmarks.peers import beside
from benchmarks.people import People
from benchmarks.processes import Process, cpu_seconds, running
from tools import tables
from tools.embedded_postgres import as_owner

Json = dict[str, Any]
PURPOSE = "searchLiving"
ROUNDS = 3
# Proofs are made beforehand, and old after a minute.
_PORTION = 50
# A node at rest orders its log and asks what is due.
_IDLE_SECONDS, _IDLE_TRIES = 0.15, 300
_FLOOR = str(Path(__file__).with_name("floor.py"))
# The time grid would hide the time of a partner's search, and the day's budget would end the measurement.
_SETTINGS = {
    "MPEX_SEARCH_HOLD_SECONDS": "0",
    "MPEX_PARTNER_SEARCHES_PER_DAY": "1000000",
    "MPEX_CASE_SEARCHES_PER_DAY": "1000000",
    "MPEX_SEQUENCER_SECONDS": "0.25",
}


@dataclass(frozen=True)
class Counts:
    """How much is measured: records in the register, then requests in each round."""

    records: int = 600
    reads: int = 500
    searches: int = 30
    imports: int = 4
    batch: int = 500
    people: int = 50


@dataclass(frozen=True)
class Series:
    """Requests of one kind to one process; ``items`` is what one request carries."""

    name: str
    process: Process
    make: Callable[[int], list[bytes]]
    count: int
    status: int = 200
    items: int = 1
    connections: int = load.CONNECTIONS


@dataclass
class Row:
    """What was measured of one series, a value for each round."""

    series: Series
    cpu: list[float] = field(default_factory=list)
    database: list[float] = field(default_factory=list)
    ratio: list[float] = field(default_factory=list)
    rate: list[float] = field(default_factory=list)
    milliseconds: list[float] = field(default_factory=list)


class Bench:
    """A node, the floors, and clients that make requests for both."""

    def __init__(self, stack: ExitStack, folder: Path, database_url: str) -> None:
        node = folder / "node"
        tables.create(database_url)
        command = ["-m", "mpex_server", "sandbox", "--dir", str(node), "--database-url", database_url]
        self.node = stack.enter_context(running(command, folder / "node.log", _SETTINGS))
        # The node's role may make no tables; what stands beside it makes its own.
        owned = as_owner(database_url)
        self._engine = sa.create_engine(owned) if owned.startswith("postgresql") else None
        kept = owned if self._engine else f"sqlite:///{folder / 'floor.db'}"
        self.floor = stack.enter_context(running([_FLOOR, str(node), kept], folder / "floor.log"))
        known = profile.read(node / "profile.toml")
        wire = Wire(known.url, timeout=30)
        stack.callback(wire.close)
        doors = Doors(known.url, f"{known.url}/oauth/token")
        self.registrar = Actor(wire, known.staff["registrar"], doors)
        self.partner = Actor(wire, known.partners["one"], doors)
        self.peers = list(beside.started(stack, folder, owned))
        if self._engine:
            stack.callback(self._engine.dispose)

    def backends(self) -> Iterable[int]:
        """Return the process ids of the database's server, none for SQLite."""
        if self._engine is None:
            return []
        with self._engine.connect() as conn:
            return list(conn.scalars(sa.text("SELECT pid FROM pg_stat_activity")))

    def wait_until_idle(self) -> None:
        """Wait while the node still does what the writes left to it, above all the search for duplicates."""
        for _ in range(_IDLE_TRIES):
            before = cpu_seconds([self.node.pid])
            time.sleep(1)
            if cpu_seconds([self.node.pid])[self.node.pid] - before[self.node.pid] < _IDLE_SECONDS:
                return

    def in_turns(self, *series: Series) -> list[Row]:
        """Run the series in turns, the floor of all first; the first turn warms up and is not counted."""
        rows = [Row(each) for each in series]
        for turn in range(ROUNDS + 1):
            for row in rows:
                self._once(row, max(1, row.series.count // 10) if turn == 0 else row.series.count, turn > 0)
        for row in rows:
            turns = zip(rows[0].cpu, row.cpu, strict=True)
            row.ratio = [floor / own if own else math.nan for floor, own in turns]
        return rows

    def _once(self, row: Row, requests: int, counted: bool) -> None:
        series, used, seconds, each = row.series, Counter[int](), 0.0, list[float]()
        for first in range(0, requests, _PORTION):
            messages = series.make(min(_PORTION, requests - first))
            pids = [series.process.pid, *self.backends()]
            before = cpu_seconds(pids)
            done = load.send(series.process.url, messages, series.status, series.connections)
            used.update({pid: after - before[pid] for pid, after in cpu_seconds(pids).items()})
            seconds, each = seconds + done.seconds, [*each, *done.each]
        if counted:
            items = requests * series.items
            row.cpu.append(used.pop(series.process.pid) * 1e6 / items)
            row.database.append(sum(used.values()) * 1e6 / items)
            row.rate.append(items / seconds)
            row.milliseconds.append(statistics.median(each) * 1000)


def measure(folder: Path, database_url: str, counts: Counts) -> list[Row]:
    """Start a node with an empty database in ``folder`` and return one row for each series."""
    with ExitStack() as stack:
        bench, people = Bench(stack, folder, database_url), People()
        held: list[Json] = []
        writes = bench.in_turns(*_writes(bench, people, held, counts))
        bench.wait_until_idle()
        reads = bench.in_turns(*_reads(bench, people, held, counts))
        tokens = bench.in_turns(*_tokens(bench, people, held, counts))
        searches = bench.in_turns(*_searches(bench, people, held, counts))
        imports = bench.in_turns(*_imports(bench, people, counts))
        return [*reads, *tokens[1:], *searches[1:], *writes, *imports[1:]]


def _writes(bench: Bench, people: People, held: list[Json], counts: Counts) -> Iterator[Series]:
    """Write the same records bare and secured, and leave them in ``held``; import others like them."""
    granted = samples.directive([samples.grant([PURPOSE])])
    directive = str(bench.registrar.call("createDirective", granted).at("directiveId"))

    # An iterator over a list gives what is added later, too.
    unsent = iter(held)
    unsent_to = {peer.name: iter(held) for peer in bench.peers}

    def bare(number: int) -> list[bytes]:
        fresh = [people.person(directive) for _ in range(number)]
        held.extend(fresh)
        return [_bare("POST", person["recordId"], person) for person in fresh]

    def secured(number: int) -> list[bytes]:
        return [_secured(bench.registrar, "createPerson", next(unsent)) for _ in range(number)]

    def imported(number: int) -> list[bytes]:
        batches = [[people.item(directive) for _ in range(counts.people)] for _ in range(number)]
        return [_secured(bench.registrar, "importPersons", {"items": items}) for items in batches]

    def beside_it(peer: beside.Peer, number: int) -> list[bytes]:
        return [peer.write(next(unsent_to[peer.name])) for _ in range(number)]

    each = max(1, counts.records // ROUNDS)
    yield Series("bare write", bench.floor, bare, each, status=201)
    yield Series("secured write of a person", bench.node, secured, each, status=201)
    for peer in bench.peers:
        write, links = partial(beside_it, peer), peer.writers
        yield Series(f"{peer.name}, write", peer.process, write, each, status=201, connections=links)
    yield Series("import of a person", bench.node, imported, counts.imports, items=counts.people)


def _reads(bench: Bench, people: People, held: list[Json], counts: Counts) -> Iterator[Series]:
    def bare(number: int) -> list[bytes]:
        return [_bare("GET", person["recordId"]) for person in people.some(held, number)]

    def secured(number: int) -> list[bytes]:
        chosen = people.some(held, number)
        return [_secured(bench.registrar, "getPerson", recordId=person["recordId"]) for person in chosen]

    def beside_it(peer: beside.Peer, number: int) -> list[bytes]:
        return [peer.read(person) for person in people.some(held, number)]

    yield Series("bare read", bench.floor, bare, counts.reads * 4)
    yield Series("bare read, token and proof", bench.floor, secured, counts.reads * 2)
    yield Series("secured read of a person", bench.node, secured, counts.reads)
    for peer in bench.peers:
        yield Series(f"{peer.name}, read", peer.process, partial(beside_it, peer), counts.reads)


def _tokens(bench: Bench, people: People, held: list[Json], counts: Counts) -> Iterator[Series]:
    def by(actor: Actor, action: str) -> Callable[[int], list[bytes]]:
        def make(number: int) -> list[bytes]:
            asked = [actor.token_request(PURPOSE, [action]) for _ in range(number)]
            return [load.message("POST", each.path, each.headers, each.body) for each in asked]

        return make

    yield next(_reads(bench, people, held, counts))
    yield Series("token for staff", bench.node, by(bench.registrar, "persons:read"), counts.reads)
    yield Series("token for a partner", bench.node, by(bench.partner, "searches:create"), counts.reads)


def _searches(bench: Bench, people: People, held: list[Json], counts: Counts) -> Iterator[Series]:
    def by(actor: Actor) -> Callable[[int], list[bytes]]:
        def make(number: int) -> list[bytes]:
            queries = [people.query(person) for person in people.some(held, number)]
            return [_secured(actor, "createSearch", samples.search(query, PURPOSE)) for query in queries]

        return make

    yield next(_reads(bench, people, held, counts))
    yield Series("search by staff", bench.node, by(bench.registrar), counts.searches)
    yield Series("search by a partner", bench.node, by(bench.partner), counts.searches)


def _imports(bench: Bench, people: People, counts: Counts) -> Iterator[Series]:
    def bare(number: int) -> list[bytes]:
        return [_bare("POST", samples.identifier("row"), people.incident()) for _ in range(number)]

    def secured(number: int) -> list[bytes]:
        batches = [{"incidents": [people.incident() for _ in range(counts.batch)]} for _ in range(number)]
        return [_secured(bench.registrar, "importIncidents", batch) for batch in batches]

    yield Series("bare write of a row", bench.floor, bare, counts.imports * 50, status=201)
    yield Series("import of a row", bench.node, secured, counts.imports, items=counts.batch)


def _bare(method: str, key: str, body: Json | None = None) -> bytes:
    raw = b"" if body is None else json.dumps(body, ensure_ascii=False).encode()
    return load.message(method, f"/bare/{key}", {}, raw)


def _secured(actor: Actor, operation_id: str, body: Json | None = None, **ids: str) -> bytes:
    operation = contract.operations()[operation_id]
    token = actor.token(PURPOSE, operation.action or "")
    made = actor.signed(actor.prepare(operation, token, body, ids=ids))
    return load.message(operation.method, made.path, made.headers, made.body)
