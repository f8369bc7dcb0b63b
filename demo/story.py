"""What a story is: who takes part, and what happens step by step."""

from collections.abc import Callable
from dataclasses import dataclass

from demo.nodes import Plan
from demo.stage import Stage


@dataclass(frozen=True)
class Story:
    """A story that `make demo STORY=name` plays; each step talks HTTP through the SDK, prints and checks.

    In one that is `federated`, nodes know one another by anchors; in the others by hand, as sandboxes may.
    """

    name: str
    title: str
    plans: tuple[Plan, ...]
    steps: tuple[Callable[[Stage], None], ...]
    before: Callable[[Stage], None] | None = None
    federated: bool = False
