"""Who vouches for the nodes of a story: an anchor, two regional ones below it, one for the second mark."""

import json
import os
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.process import BaseProcess
from pathlib import Path

from demo.nodes import Clock, Node, stop, wait_for
from tools import forked, ports

_PATIENCE_SECONDS = 60.0
TRACING, NO_ENFORCEMENT = "urn:mpex:mark:tracing-mandate", "urn:mpex:mark:no-immigration-enforcement"
_NAMES = {
    "world": "Invented World Anchor",
    "north": "Invented Northern Anchor",
    "south": "Invented Southern Anchor",
    "watch": "Invented Watch on Purpose",
}


@dataclass
class Anchor:
    """A running anchor or intermediate."""

    name: str
    directory: Path
    url: str
    process: BaseProcess

    def run(self, *words: str) -> str:
        """Run one of its commands."""
        command, *rest = words
        return forked.run("anchor", command, "--dir", str(self.directory), *rest).decode().strip()


@contextmanager
def federation(directory: Path, clock: Clock) -> Iterator[dict[str, Anchor]]:
    """Starts the four, lets the first vouch for the others, and stops them at the end."""
    anchors: dict[str, Anchor] = {}
    try:
        for name, title in _NAMES.items():
            above = ["--superior", anchors["world"].url] if anchors else []
            anchors[name] = _start(directory / name, title, above, clock)
        for anchor in anchors.values():
            wait_for(f"{anchor.url}/health/ready", anchor.process)
        for name in ("north", "south", "watch"):
            _enrol(
                anchors["world"], anchors[name].url, _thumbprint(anchors[name].run("keys")), "--intermediate"
            )
        for name, kind in (("north", TRACING), ("south", TRACING), ("watch", NO_ENFORCEMENT)):
            anchors["world"].run("accredit", kind, anchors[name].url)
        yield anchors
    finally:
        for anchor in anchors.values():
            anchor.process.terminate()
        for anchor in anchors.values():
            stop(anchor.process)


def introduce(nodes: Sequence[Node], anchors: dict[str, Anchor]) -> None:
    """Let each node be enrolled in its region, show its marks, and choose the world-wide anchor."""
    for node in nodes:
        region = anchors[node.plan.region]
        home = ("--dir", str(node.directory))
        _enrol(region, node.url, _thumbprint(forked.run("trust", "keys", *home).decode()))
        wished = node.directory / "mandate.json"
        state = ("--authority-of", node.plan.territory) if node.plan.of_state else ()
        wished.write_bytes(forked.run("trust", "request", *home, *state))
        marks = [region.run("issue-mark", TRACING, node.url, "--mandate", str(wished))]
        if node.plan.marked:
            marks.append(anchors["watch"].run("issue-mark", NO_ENFORCEMENT, node.url))
        for number, mark in enumerate(marks):
            shown = node.directory / f"mark-{number}.jwt"
            shown.write_text(mark)
            forked.run("trust", "marks", "add", *home, str(shown))
    keys = anchors["world"].directory / "public.jwks"
    keys.write_text(anchors["world"].run("keys"))
    for node in nodes:
        home = ("--dir", str(node.directory))
        forked.run("trust", "anchors", "add", *home, anchors["world"].url, str(keys))
    for node in nodes:
        _wait(node, {other.node_id for other in nodes} - {node.node_id})


def _wait(node: Node, others: set[str]) -> None:
    """Waits until a node has looked at its anchors, which it does by itself."""
    deadline = time.monotonic() + _PATIENCE_SECONDS
    with node.client("auditor", "searchLiving", "publicInterest") as client:
        while others - {partner["nodeId"] for partner in client.partners.list()}:
            if time.monotonic() > deadline:
                raise RuntimeError(f"node {node.plan.letter} did not find the others by its anchors")
            time.sleep(0.2)


def _enrol(superior: Anchor, entity: str, thumbprint: str, *options: str) -> None:
    superior.run("enrol", entity, "--key", thumbprint, *options)


def _thumbprint(jwks: str) -> str:
    return str(json.loads(jwks)["keys"][0]["kid"])


def _start(directory: Path, title: str, above: list[str], clock: Clock) -> Anchor:
    port = ports.free()
    url = f"http://127.0.0.1:{port}"
    made = ("anchor", "init", "--dir", str(directory), "--url", url, "--name", title, "--sandbox", *above)
    forked.run(*made)
    environment = {**os.environ, "MPEX_CLOCK_FILE": str(clock.file)}
    command = ["serve", "--dir", str(directory), "--port", str(port)]
    process = forked.start(command, output=directory / "server.log", environment=environment)
    return Anchor(title, directory, url, process)
