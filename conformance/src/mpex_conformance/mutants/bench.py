"""The bench: one reference node in this process, in front of it a switch that can break it, and its partners.

The server is imported by name when a bench is made: the suite does not depend on it.
"""

import socket
import tempfile
from collections.abc import Iterable
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any

from mpex_conformance.config import Config
from mpex_conformance.lab import Lab, open_lab
from mpex_conformance.mutants.catalogue import Entry, StaleMutantError, in_place
from mpex_conformance.mutants.exchange import Request, Switch
from mpex_conformance.outcomes import Outcome
from mpex_conformance.partner.asgi import Server
from mpex_conformance.profile import Profile, read
from mpex_conformance.registry import Check, all_checks
from mpex_conformance.runner import CheckResult, run_check
from mpex_conformance.wire import signatures

# A sound node is never given up because its machine is busy.
REFERENCE = Config(level="SHOULD", timeout_seconds=60.0, event_seconds=90.0)
# A mutant that keeps silent is waited for; a sound node answers well within this.
BROKEN = Config(level="SHOULD", event_seconds=8.0)
_CRASHED = 500
_DAILY_SEARCHES = 400
_DAILY_ASKS = 250
_DAILY_RELEASES = 350


class Bench:
    """A running reference node that can be broken and mended."""

    def __init__(self, folder: Path, database_url: str | None = None) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        node, one, two, anchor = (f"http://127.0.0.1:{port}" for port in _free_ports(4))
        settings = import_module("mpex_server.setup.sandbox").prepare(
            folder,
            url=node,
            partner_urls={"one": one, "two": two},
            anchor_url=anchor,
            name="Reference node",
            # The suite waits for the log and for the grid, whose step it reads, hundreds of times.
            sequencer_seconds=0.5,
            search_hold_seconds=0.1,
            # Rules are judged here: a busy machine is no reason to refuse a request.
            wait_seconds=60,
            partner_searches_per_day=_DAILY_SEARCHES,
            partner_asks_per_day=_DAILY_ASKS,
            release_requests_per_day=_DAILY_RELEASES,
            log_level="error",
            database_url=database_url,
        )
        self.switch = Switch(import_module("mpex_server.app").create_app(settings))
        self._server = Server(self.switch, node, lifespan=True)
        self.profile = folder / "profile.toml"
        self._profile = read(self.profile)
        self.switch.resigned = partial(_resigned, self._profile)
        self._mocks: tuple[dict[str, Any], list[Server]] = ({}, [])

    def lab(self, config: Config) -> Lab:
        """Return a lab without any token yet; the partners of all labs are the same."""
        lab = open_lab(config, self._profile)
        lab.mocks, lab.servers = self._mocks
        return lab

    def run(self, checks: Iterable[Check], config: Config = REFERENCE) -> list[CheckResult]:
        """Run checks against the node as it is."""
        lab = self.lab(config)
        try:
            return [run_check(check, lab) for check in checks]
        finally:
            lab.wire.close()

    def kills(self, entry: Entry) -> dict[str, str]:
        """Return the checks bearing the broken requirement that fail against the mutant, with their words.

        StaleMutantError when the mutant does not mislead but crashes the node: anything notices that.
        """
        bearing = [check for check in all_checks() if entry.requirement in check.requirements]
        lab = self.lab(BROKEN)
        try:
            with in_place(entry, self.switch):
                results = [run_check(check, lab) for check in bearing]
        finally:
            lab.wire.close()
        # 502 and 503 are answers of a sound node, too: a partner failed, or too much is asked at once.
        if any(answer.status == _CRASHED for answer in lab.wire.recorder.answers):
            raise StaleMutantError("the mutant crashes the node")
        return {
            item.check.id: item.message for item in results if item.outcome in (Outcome.FAIL, Outcome.WARN)
        }

    def close(self) -> None:
        """Stop the node and its partners."""
        for server in [*self._mocks[1], self._server]:
            server.close()


def _resigned(profile: Profile, request: Request) -> Request:
    """Return what a partner sent, and a mutant changed, as the partner would have signed it."""
    named = signatures.key_id(request.header("signature-input") or "")
    sender = next((item for item in profile.partners.values() if item.kid == named), None)
    if sender is None:
        return request
    if request.body:
        request = request.with_header("content-digest", signatures.digest(request.body))
    target = profile.url + request.path + (f"?{request.query}" if request.query else "")
    components = signatures.Asked(request.method, target, dict(request.headers)).components()
    made = signatures.sign(components, key=sender.key, kid=sender.kid, tag=signatures.REQUEST)
    for name, value in made.items():
        request = request.with_header(name.lower(), value)
    return request


def temporary() -> tuple[Bench, tempfile.TemporaryDirectory[str]]:
    """Return a bench in a folder of its own that goes when the process ends."""
    folder = tempfile.TemporaryDirectory(prefix="mpex-bench-")
    return Bench(Path(folder.name) / "node"), folder


def _free_ports(count: int) -> list[int]:
    sockets = [socket.socket() for _ in range(count)]
    for item in sockets:
        item.bind(("127.0.0.1", 0))
    ports = [int(item.getsockname()[1]) for item in sockets]
    for item in sockets:
        item.close()
    return ports
