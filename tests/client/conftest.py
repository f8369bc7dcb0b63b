"""Fixtures of the client's tests: a node in memory, a clock that moves only when told."""

import datetime as dt
from collections.abc import Iterator

import pytest
from mpex_client import Client
from mpex_client.testing import FakeNode

PLANTED = "Fictia Examplová"


class StillClock:
    """Stands still until `advance`."""

    def __init__(self) -> None:
        self.present = dt.datetime(2026, 11, 21, 10, 0, tzinfo=dt.UTC)

    def __call__(self) -> dt.datetime:
        return self.present

    def advance(self, **duration: float) -> None:
        """Let time pass."""
        self.present += dt.timedelta(**duration)


@pytest.fixture
def clock() -> StillClock:
    """A clock that stands still."""
    return StillClock()


@pytest.fixture
def node(clock: StillClock) -> FakeNode:
    """A node in memory."""
    return FakeNode(clock=clock)


@pytest.fixture
def client(node: FakeNode, clock: StillClock) -> Iterator[Client]:
    """A client of the node."""
    with node.client(purpose="searchLiving", legal_basis="consent", clock=clock) as client:
        yield client


@pytest.fixture
def person() -> dict[str, object]:
    """An evidently fictional person record."""
    return {
        "type": "soughtPerson",
        "status": "open",
        "legalBasis": "consent",
        "controller": "Fictional Society",
        "contactOffice": {"organisation": "Fictional Society"},
        "synthetic": True,
        "contributions": [
            {
                "contributor": "family-1",
                "assertedAt": "2026-11-01T08:00:00Z",
                "sections": {"names": {"names": [{"text": PLANTED}]}},
            }
        ],
    }
