"""What the steps of the story share: the nodes, the identifiers learnt so far, and patience."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from demo.narrate import expect
from demo.nodes import Node

MINISTRY = "Ministry of Interior of Exampleland"
_PATIENCE_SECONDS = 30.0


@dataclass
class Case:
    """What the story has learnt so far: identifiers only."""

    society: Node
    institute: Node
    reception: Node
    ids: dict[str, str] = field(default_factory=dict)


def until(what: str, ready: Callable[[], Any]) -> Any:
    """Waits for what a node does by itself (delivery of events)."""
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while time.monotonic() < deadline:
        found = ready()
        if found:
            return found
        time.sleep(0.2)
    expect(False, f"{what} within {_PATIENCE_SECONDS:.0f} s")
    return None
