"""The run on nodes in processes of their own, moved in time by one shared file."""

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

from mpex_server.kit.clock import ShiftedClock, instant

from tests.oracle.ground import NAMES, PARTIES, PURPOSES, Spoken
from tests.server.exchange.live import LiveNode, until

Json = dict[str, Any]


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
        """Start what was killed, let a little time pass, and wait until every recall is acknowledged."""
        for name in sorted(self._down):
            self.start(name)
        self.wait(minutes=5)
        for node in self.nodes.values():
            until(lambda node=node: _acknowledged(node))  # type: ignore[misc]  # of a lambda's default

    def close(self) -> None:
        """Stop every process."""
        for node in self.nodes.values():
            node.close()


def _node(folder: Path, name: str, database_url: str | None) -> LiveNode:
    values: Json = {
        "partner_searches_per_day": 100_000,
        "search_hold_seconds": 0.02,
        "sequencer_seconds": 1.0,
    }
    if database_url is not None:
        values["database_url"] = database_url
    return LiveNode(folder, name, PARTIES[name]["recipientClass"], **values)


def _acknowledged(node: LiveNode) -> bool:
    listed = node.call("caseWorker", "GET", "/v1/recalls").json()["items"]
    return all(entry["state"] == "acknowledged" for recall in listed for entry in recall["recipients"])
