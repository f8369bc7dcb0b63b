"""Sandbox nodes as separate processes on loopback, and how they become partners by hand."""

import os
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from multiprocessing.process import BaseProcess
from pathlib import Path
from types import MappingProxyType

import httpx2
from mpex_client import Client, MpexError, Profile

from tools import forked

_START_SECONDS = 60.0
_STOP_SECONDS = 10.0


@dataclass(frozen=True)
class Plan:
    """What a node of the story is: a letter, a name, its class, country, purposes of its mandate.

    `region` is the anchor that vouches for it in a federation, and gives it its mandate; `marked`
    says whether it has the mark of no immigration enforcement there, and `of_state` whether it is an
    authority of its country.
    """

    letter: str
    name: str
    recipient_class: str
    territory: str
    purposes: tuple[str, ...]
    region: str = ""
    marked: bool = True
    of_state: bool = False


class Clock:
    """The time of all nodes and clients of a story: the machine's, and what the story let pass."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self._shift = timedelta()
        self.advance(timedelta())

    def now(self) -> datetime:
        """Return the present instant of the story."""
        return datetime.now(UTC) + self._shift

    def advance(self, span: timedelta) -> None:
        """Move every node and client forward."""
        self._shift += span
        # Replaced whole: a node that reads meanwhile finds the old number or the new one.
        part = self.file.with_suffix(".part")
        part.write_text(str(int(self._shift.total_seconds())))
        part.replace(self.file)


@dataclass
class Node:
    """A running node; `directory` holds its keys, database and client profile."""

    plan: Plan
    directory: Path
    clock: Clock
    process: BaseProcess

    @property
    def profile_file(self) -> Path:
        """Client profile that the sandbox wrote."""
        return self.directory / "profile.toml"

    @cached_property
    def profile(self) -> Profile:
        """The same, read."""
        return Profile.load(self.profile_file)

    @property
    def url(self) -> str:
        """Address on loopback."""
        return self.profile.url

    @property
    def node_id(self) -> str:
        """Identifier of the node."""
        return self.profile.node_id

    def client(self, role: str, purpose: str, legal_basis: str = "consent", *actions: str) -> Client:
        """SDK client of one member of staff, for one purpose; `actions` are rights beside those of calls."""
        return Client(
            self.profile.identity(role),
            purpose=purpose,
            legal_basis=legal_basis,
            actions=frozenset(actions),
            clock=self.clock.now,
        )


@contextmanager
def running(
    plans: Sequence[Plan],
    directory: Path,
    clock: Clock,
    database_urls: Sequence[str] = (),
    superiors: Mapping[str, str] = MappingProxyType({}),
) -> Iterator[list[Node]]:
    """Starts the nodes, and stops them at the end.

    `database_urls` names one database a node, beyond them each keeps SQLite in its folder; `superiors` is the
    address of each region.
    """
    nodes: list[Node] = []
    try:
        for index, plan in enumerate(plans):
            nodes.append(
                _start(
                    plan,
                    directory / plan.letter,
                    clock,
                    database_urls[index] if index < len(database_urls) else None,
                    superiors.get(plan.region),
                )
            )
        for node in nodes:
            _wait(node)
        yield nodes
    finally:
        for node in nodes:
            node.process.terminate()
        for node in nodes:
            stop(node.process)


def introduce(nodes: Sequence[Node], directory: Path) -> None:
    """Make the nodes partners of one another by hand, as a sandbox may."""
    for node in nodes:
        entry = directory / f"{node.plan.letter}.entry.json"
        entry.write_bytes(forked.run("partners", "entry", "--dir", str(node.directory)))
        for other in nodes:
            if other is not node:
                forked.run("partners", "add", "--dir", str(other.directory), str(entry), "--marked")


def wait_for(url: str, process: BaseProcess) -> None:
    """Waits until an address answers with success."""
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline and process.is_alive():
        with suppress(httpx2.TransportError):
            if httpx2.get(url).is_success:
                return
        time.sleep(0.2)
    raise RuntimeError(f"nothing answers at {url}")


def stop(process: BaseProcess) -> None:
    """Waits until a process has ended, and ends it if it does not."""
    process.join(_STOP_SECONDS)
    if process.is_alive():
        process.kill()
        process.join()


def _start(plan: Plan, directory: Path, clock: Clock, database_url: str | None, superior: str | None) -> Node:
    directory.mkdir()
    command = ["sandbox", "--dir", str(directory), "--port", "0", "--name", plan.name]
    command += ["--recipient-class", plan.recipient_class, "--territory", plan.territory]
    command += [word for purpose in plan.purposes for word in ("--purpose", purpose)]
    command += ["--database-url", database_url] if database_url else []
    command += ["--superior", superior] if superior else []
    environment = {**os.environ, "MPEX_CLOCK_FILE": str(clock.file)}
    process = forked.start(command, output=directory / "server.log", environment=environment)
    return Node(plan, directory, clock, process)


def _wait(node: Node) -> None:
    """Waits until the node says that it is ready."""
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline and node.process.is_alive():
        try:
            with node.client("registrar", "searchLiving") as client:
                client.node.ready()
                return
        except MpexError:
            node.__dict__.pop("profile", None)
            time.sleep(0.2)
    raise RuntimeError(f"node {node.plan.letter} did not start; its log: {node.directory / 'server.log'}")
