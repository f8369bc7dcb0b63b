"""What the steps of a story share: nodes by letter, the identifiers learnt so far, time, and patience."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from demo.narrate import expect, passed
from demo.nodes import Clock, Node

_PATIENCE_SECONDS = 30.0


@dataclass
class Stage:
    """What a story has learnt so far: identifiers only."""

    nodes: Mapping[str, Node]
    clock: Clock
    ids: dict[str, str] = field(default_factory=dict)

    def __getitem__(self, letter: str) -> Node:
        """Return the node of that letter."""
        return self.nodes[letter]

    def let_pass(self, **span: float) -> None:
        """Move all nodes forward in time, as `timedelta` counts it."""
        self.clock.advance(timedelta(**span))
        passed(self.clock.now())


def until(what: str, ready: Callable[[], Any]) -> Any:
    """Wait for what a node does by itself (delivery of events)."""
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while time.monotonic() < deadline:
        found = ready()
        if found:
            return found
        time.sleep(0.2)
    expect(False, f"{what} within {_PATIENCE_SECONDS:.0f} s")
    return None
