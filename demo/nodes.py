"""Sandbox nodes as separate processes on loopback, and the signed registry that makes them partners."""

import json
import os
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from multiprocessing.process import BaseProcess
from pathlib import Path

from joserfc.jwk import ECKey
from mpex_client import Client, MpexError, Profile

from tools import forked

_START_SECONDS = 60.0
_STOP_SECONDS = 10.0


@dataclass(frozen=True)
class Plan:
    """What a node of the story is: a letter, a name, its class, country, purposes of its mandate."""

    letter: str
    name: str
    recipient_class: str
    territory: str
    purposes: tuple[str, ...]


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
    plans: Sequence[Plan], directory: Path, clock: Clock, database_urls: Sequence[str] = ()
) -> Iterator[list[Node]]:
    """Starts the nodes, makes them partners of one another, and stops them at the end.

    `database_urls` names one database a node; without it each keeps SQLite in its folder.
    """
    nodes: list[Node] = []
    try:
        for index, plan in enumerate(plans):
            nodes.append(
                _start(plan, directory / plan.letter, clock, database_urls[index] if database_urls else None)
            )
        for node in nodes:
            _wait(node)
        _introduce(nodes, directory)
        yield nodes
    finally:
        for node in nodes:
            node.process.terminate()
        for node in nodes:
            _stop(node)


def _start(plan: Plan, directory: Path, clock: Clock, database_url: str | None) -> Node:
    directory.mkdir()
    command = ["sandbox", "--dir", str(directory), "--port", "0", "--name", plan.name]
    command += ["--recipient-class", plan.recipient_class, "--territory", plan.territory]
    command += [word for purpose in plan.purposes for word in ("--purpose", purpose)]
    command += ["--database-url", database_url] if database_url else []
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


def _introduce(nodes: Sequence[Node], directory: Path) -> None:
    """An anchor signs one registry of all nodes; each node imports it."""
    anchor = ECKey.generate_key("P-256")
    private, public = directory / "anchor.private.jwk", directory / "anchor.jwk"
    private.write_text(json.dumps(anchor.as_dict(private=True)))
    public.write_text(json.dumps(anchor.as_dict(private=False)))
    entries = []
    for node in nodes:
        entry = directory / f"{node.plan.letter}.entry.json"
        entry.write_bytes(forked.run("partners", "entry", "--dir", str(node.directory)))
        entries.append(str(entry))
    registry = directory / "registry.jws"
    sign = ("partners", "sign", str(private), *entries, "--mark-all", "--days", "366")
    registry.write_bytes(forked.run(*sign).strip())
    for node in nodes:
        forked.run("partners", "import", "--dir", str(node.directory), str(registry), str(public))


def _stop(node: Node) -> None:
    node.process.join(_STOP_SECONDS)
    if node.process.is_alive():
        node.process.kill()
        node.process.join()
