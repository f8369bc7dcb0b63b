"""The run on nodes in processes of their own, moved in time by one shared file."""

import time
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

from mpex_server.kit.clock import ShiftedClock, instant
from mpex_server.storage import tables as t
from mpex_server.storage.engine import make_engine, transaction
from sqlalchemy import Engine, func, select

from tests.oracle.ground import NAMES, PARTIES, PURPOSES, Spoken
from tests.server.exchange.live import LiveNode

Json = dict[str, Any]
_PATIENCE = 60


class Processes:
    """Three nodes as processes that stay alive over several tries; what passes between them is not heard.

    The variable MPEX_CLOCK_FILE must name `clock`, which holds the seconds by which all nodes are moved.
    """

    lasting = True

    def __init__(self, folder: Path, clock: Path, databases: Mapping[str, str | None]) -> None:
        self.heard: list[Spoken] = []
        self._file, self._clock = clock, ShiftedClock(clock)
        self.nodes = {name: _node(folder / name, name, databases[name]) for name in NAMES}
        for node in self.nodes.values():
            node.clock = self._clock  # type: ignore[assignment]  # the world's clock is manual elsewhere
            for name, other in self.nodes.items():
                if other is not node:
                    node.enter(other.entry | PARTIES[name] | {"purposes": PURPOSES})
        self._engines = [
            make_engine(node.settings.database_url, node.settings.node_id) for node in self.nodes.values()
        ]
        self._down: set[str] = set(NAMES)
        for name in NAMES:
            self.start(name)

    @property
    def parties(self) -> dict[str, Json]:
        """The registry entries by name."""
        return {
            name: node.entry | PARTIES[name] | {"purposes": PURPOSES} for name, node in self.nodes.items()
        }

    def now(self) -> str:
        """Return the time of the nodes."""
        return str(instant(self._clock.now()))

    def wait(self, **span: float) -> None:
        """Let time pass, for all at once."""
        seconds = int(self._file.read_text("ascii")) + int(timedelta(**span).total_seconds())
        moved = self._file.with_suffix(".next")
        moved.write_text(str(seconds), "ascii")
        moved.replace(self._file)

    def is_up(self, name: str) -> bool:
        """Tell whether the process of a node runs."""
        return name not in self._down

    def stop(self, name: str) -> None:
        """Kill a node."""
        self.nodes[name].kill()
        self._down.add(name)

    def start(self, name: str) -> None:
        """Start a node."""
        self.nodes[name].start()
        self._down.discard(name)

    def settle(self) -> None:
        """Start what was killed, let a little time pass, and wait until no node has anything left to tell.

        An event that is taken may bring forth another at its recipient, which may have been looked at before:
        so all must have been found with nothing to send twice, and nothing new between.
        """
        for name in sorted(self._down):
            self.start(name)
        self.wait(minutes=5)
        seen, end = self._sent(), time.monotonic() + _PATIENCE
        while (now := self._sent()) != seen or any(waiting for _, waiting in now):
            assert time.monotonic() < end, "events are not delivered"
            seen = now
            time.sleep(0.1)

    def _sent(self) -> list[tuple[int, int]]:
        """Return for each node how many events it made, and how many of them wait."""
        return [_events(engine) for engine in self._engines]

    def close(self) -> None:
        """Stop every process."""
        for node in self.nodes.values():
            node.close()
        for engine in self._engines:
            engine.dispose()


def _node(folder: Path, name: str, database_url: str | None) -> LiveNode:
    values: Json = {
        "partner_searches_per_day": 100_000,
        "case_searches_per_day": 100_000,
        "partner_asks_per_day": 100_000,
        "release_requests_per_day": 100_000,
        "onward_recipients_per_release": 10_000,
        "search_hold_seconds": 0.02,
        "sequencer_seconds": 1.0,
    }
    if database_url is not None:
        values["database_url"] = database_url
    return LiveNode(folder, name, PARTIES[name]["recipientClass"], **values)


def _events(engine: Engine) -> tuple[int, int]:
    made = select(func.count(), func.count() - func.count(t.outbox.c.acked_at)).select_from(t.outbox)
    with transaction(engine, write=False) as conn:
        every, waiting = conn.execute(made).one()
    return every, waiting
