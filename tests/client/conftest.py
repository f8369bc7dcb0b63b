"""Fixtures of the client's tests: a node in memory, a real one, a clock that moves only when told."""

import datetime as dt
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

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


@contextmanager
def running_sandbox(folder: Path, database_url: str | None = None) -> Iterator[Path]:
    """Run a sandbox node and yield its profile; it must stop by itself when told to."""
    command = [sys.executable, "-c", "from mpex_server.cli import app; app()", "sandbox"]
    command += ["--database-url", database_url] if database_url else []
    process = subprocess.Popen(
        [*command, "--dir", str(folder), "--port", "0"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env={**os.environ, "PYTHONWARNINGS": "default"},
    )
    assert process.stdout
    with process, process.stdout:
        for line in process.stdout:
            if line.startswith("Profile"):
                break
        try:
            yield folder / "profile.toml"
        finally:
            process.terminate()
            assert process.wait(timeout=30) == 0


@pytest.fixture(scope="session")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Profile of one real sandbox node for the whole session; tests share what it holds."""
    with running_sandbox(tmp_path_factory.mktemp("sandbox") / "node") as path:
        yield path
