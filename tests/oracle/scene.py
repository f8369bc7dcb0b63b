"""What every act of the run shares: nodes, ledger, and the rule that nothing unpermitted is heard."""

from collections.abc import Mapping
from typing import Any, Protocol

import httpx2

from tests.oracle.documents import marks
from tests.oracle.ground import Spoken
from tests.oracle.ledger import Ledger
from tests.server.world import World

Json = dict[str, Any]


class LeakError(AssertionError):
    """A node learnt what it must not know."""


class Ground(Protocol):
    """Nodes that can be asked, stopped, started and moved in time."""

    heard: list[Spoken]
    lasting: bool
    """Whether the nodes go on after a try, with all that they hold."""

    @property
    def nodes(self) -> Mapping[str, World]: ...
    @property
    def parties(self) -> dict[str, Json]: ...
    def now(self) -> str: ...
    def wait(self, **span: float) -> None: ...
    def is_up(self, name: str) -> bool: ...
    def stop(self, name: str) -> None: ...
    def start(self, name: str) -> None: ...
    def settle(self) -> None: ...


class Scene:
    """The nodes and what was done so far.

    `done` counts by name acts that had an effect, as `acts` those tried, and as `asked` the requests.
    """

    def __init__(self, ground: Ground) -> None:
        self.ground = ground
        self.ledger = Ledger(ground.parties)
        self.done: dict[str, int] = {}

    def count(self, act: str) -> None:
        """Count an act."""
        self.done[act] = self.done.get(act, 0) + 1

    def call(
        self, node: str, role: str, method: str, path: str, body: Any = None, **options: Any
    ) -> httpx2.Response:
        """Let staff of a node ask it something; whatever it answers may hold only what the node may know."""
        self.count("asked")
        return self.ground.nodes[node].call(role, method, path, body, **options)

    def made(self, node: str, role: str, method: str, path: str, body: Any = None, **options: Any) -> Json:
        """Let staff do what must succeed; return the answer."""
        response = self.call(node, role, method, path, body, **options)
        assert response.is_success, (
            method,
            path.partition("?")[0],
            response.status_code,
            response.text.strip(),
        )
        return dict(response.json())

    def waiting(self, node: str, kind: str, role: str = "caseWorker") -> list[Json]:
        """Return the open tasks of a kind, on all pages: nodes that go on have many."""
        path, found = f"/v1/tasks?kind={kind}&limit=100", list[Json]()
        page = self.made(node, role, "GET", path)
        while "nextCursor" in page:
            found += page["items"]
            page = self.made(node, role, "GET", f"{path}&cursor={page['nextCursor']}")
        return [task for task in [*found, *page["items"]] if task["state"] == "open"]

    def knows(self, node: str, content: bytes | str, allowed: set[str], place: str) -> None:
        """Raise LeakError when a message to a node bears a mark of others that it may not know."""
        for mark in self.ledger.foreign(node, marks(content)) - allowed:
            raise LeakError(f"{node} learnt {self.ledger.describe(mark)} by {place}")

    def overheard(self, allowed: Mapping[str, set[str]]) -> None:
        """Judge all that was said between nodes since the last time; `allowed` gives marks by node."""
        while self.ground.heard:
            said = self.ground.heard.pop(0)
            self.knows(said.answerer, said.sent, allowed.get(said.answerer, set()), said.path)
            self.knows(said.asker, said.answered, allowed.get(said.asker, set()), said.path)
