"""Where the run takes place: nodes in one process, or each in a process of its own. Both look alike to it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mpex_server.kit.clock import instant
from mpex_server.peers.wire import Answer

from tests.server.exchange.town import Town
from tests.server.world import World

Json = dict[str, Any]
NAMES = ("alpha", "beta", "gamma")
PURPOSES = ["searchLiving", "identifyDeceased", "familyReunification"]
PARTIES: dict[str, Json] = {
    "alpha": {"recipientClass": "humanitarian", "territories": ["CH"]},
    "beta": {"recipientClass": "forensic", "territories": ["IT", "CH"], "unit": "Invented Unit 7"},
    "gamma": {
        "recipientClass": "police",
        "nationalAuthorityOf": "ER",
        "parentMinistry": "Invented Ministry of the Interior",
        "mandates": ["invented tracing act"],
    },
}
"""What the registry says of each node beside its name, its address and its keys."""


@dataclass(frozen=True)
class Spoken:
    """One request between nodes and its answer."""

    asker: str
    answerer: str
    path: str
    sent: bytes
    answered: bytes


class InProcess:
    """Three nodes in this process with one clock that moves only when told."""

    lasting = False

    def __init__(self, folder: Path, fresh: Callable[[], str], give_back: Callable[[str], None]) -> None:
        self._town = Town()
        self._urls = [fresh() for _ in NAMES]
        self._give_back = give_back
        self.heard: list[Spoken] = []
        for name, url in zip(NAMES, self._urls, strict=True):
            settings = {"recipient_class": PARTIES[name]["recipientClass"], "search_hold_seconds": 0.01}
            settings |= {"partner_searches_per_day": 10_000, "partner_asks_per_day": 10_000}
            settings |= {"case_searches_per_day": 10_000}
            settings |= {"release_requests_per_day": 10_000, "onward_recipients_per_release": 10_000}
            self._town.add(name, url, folder, **settings)
        self._town.introduce(**{name: {**entry, "purposes": PURPOSES} for name, entry in PARTIES.items()})
        for name, world in self._town.nodes.items():
            world.node.peers._wire = _Tap(name, world.node.peers._wire, self)

    @property
    def nodes(self) -> Mapping[str, World]:
        """The nodes by name."""
        return self._town.nodes

    @property
    def parties(self) -> dict[str, Json]:
        """The registry entries by name."""
        return {name: self._town.entry(name, purposes=PURPOSES, **PARTIES[name]) for name in NAMES}

    def now(self) -> str:
        """Return the time of the nodes."""
        return str(instant(self._town.clock.now()))

    def wait(self, **span: float) -> None:
        """Let time pass."""
        self._town.wait(**span)

    def is_up(self, name: str) -> bool:
        """Tell whether a node can be reached."""
        return name not in self._town.down

    def stop(self, name: str) -> None:
        """Put a node out of reach."""
        self._town.down.add(name)

    def start(self, name: str) -> None:
        """Let a node be reached again."""
        self._town.down.discard(name)

    def settle(self) -> None:
        """Bring all nodes up, and let everything be delivered, whatever has to be tried again."""
        self._town.down.clear()
        self.wait(hours=2)
        self._town.work()

    def node_of(self, url: str) -> str:
        """Return the name of the node at an address."""
        return next(name for name, world in self.nodes.items() if url.startswith(world.url))

    def close(self) -> None:
        """Stop every node."""
        self._town.close()
        for url in self._urls:
            self._give_back(url)


class _Tap:
    """Hears what one node asks of others."""

    def __init__(self, name: str, wire: Any, ground: InProcess) -> None:
        self._name, self._wire, self._ground = name, wire, ground

    def send(
        self, method: str, url: str, *, headers: Mapping[str, str], content: bytes | None = None
    ) -> Answer:
        answer: Answer = self._wire.send(method, url, headers=headers, content=content)
        path = url.partition("://")[2].partition("/")[2]
        spoken = Spoken(self._name, self._ground.node_of(url), f"/{path}", content or b"", answer.body)
        self._ground.heard.append(spoken)
        return answer

    def close(self) -> None:
        """Nothing to release."""
