"""Three nodes as processes on loopback: the main job over HTTP, and a recall that outlives a kill."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
from joserfc.jwk import ECKey
from mpex_server.keys import FileKeys
from mpex_server.kit.clock import SystemClock, instant
from mpex_server.oauth import clients
from mpex_server.setup import sandbox
from mpex_server.storage.engine import make_engine, transaction

from tests.server.exchange.town import made, permit, record
from tests.server.world import Identity, World

Body = dict[str, Any]
_NAMES = {"alpha": "humanitarian", "beta": "forensic", "gamma": "humanitarian"}
_PURPOSES = ["searchLiving", "identifyDeceased"]


class LiveNode(World):
    """A node in a process of its own, spoken to over a socket."""

    def __init__(self, folder: Path, name: str, recipient_class: str) -> None:
        with socket.socket() as sock:
            sock.bind(("127.0.0.1", 0))
            self.port = int(sock.getsockname()[1])
        self.folder, self.name = folder, name
        self.url = f"http://127.0.0.1:{self.port}"
        self.settings = sandbox.prepare(
            folder, url=self.url, partner_urls={}, name=f"Node {name}", recipient_class=recipient_class
        )
        self.clock = SystemClock()  # type: ignore[assignment]  # the world's clock is manual elsewhere
        profile = tomllib.loads((folder / sandbox.PROFILE).read_text("utf-8"))
        self.identities = {
            role: Identity(entry["client_id"], ECKey.import_key(json.loads(entry["key"])))
            for role, entry in profile["identity"].items()
        }
        self._tokens = {}
        self.process: subprocess.Popen[bytes] | None = None
        self._http = httpx2.Client(base_url=self.url, timeout=20, trust_env=False)

    @property
    def entry(self) -> Body:
        """The node's entry in the registries of the others."""
        return {
            "nodeId": self.settings.node_id,
            "name": self.settings.name,
            "url": self.url,
            "recipientClass": self.settings.recipient_class,
            "purposes": _PURPOSES,
            "noImmigrationEnforcement": True,
            "jwks": FileKeys(self.settings.key_dir).public_jwks(),
        }

    def know(self, others: list["LiveNode"]) -> None:
        """Enter other nodes in the registry."""
        engine = make_engine(self.settings.database_url)
        with transaction(engine) as conn:
            for other in others:
                clients.register_partner(conn, other.entry, at=instant(SystemClock().now()))
        engine.dispose()

    def command(self, *arguments: str) -> list[str]:
        """Return the command line of mpex-server for this node's folder."""
        code = "from mpex_server.cli import app; app()"
        return [sys.executable, "-c", code, *arguments, "--dir", str(self.folder)]

    def start(self) -> None:
        """Start the process and wait until it answers."""
        self.process = subprocess.Popen(
            self.command("sandbox", "--port", str(self.port)),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=os.environ,
        )
        until(lambda: _answers(self._http))

    def kill(self) -> None:
        """Kill the process without a chance to finish anything."""
        assert self.process is not None
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(10)

    def raw(self, method: str, path: str, **options: Any) -> httpx2.Response:
        return self._http.request(method, path, **options)

    def close(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            self.process.wait(15)
        self._http.close()


def _answers(http: httpx2.Client) -> bool:
    try:
        return http.get("/health/live").status_code == 200
    except httpx2.HTTPError:
        return False


def until(condition: Callable[[], bool], seconds: float = 40) -> None:
    """Wait until the condition holds."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.1)


@pytest.fixture
def nodes(tmp_path: Path) -> Iterator[dict[str, LiveNode]]:
    made_nodes = {name: LiveNode(tmp_path / name, name, kind) for name, kind in _NAMES.items()}
    for node in made_nodes.values():
        node.know([other for other in made_nodes.values() if other is not node])
    for node in made_nodes.values():
        node.start()
    yield made_nodes
    for node in made_nodes.values():
        node.close()


def test_the_main_job_between_three_processes(nodes: dict[str, LiveNode]) -> None:
    alpha, beta, gamma = nodes["alpha"], nodes["beta"], nodes["gamma"]
    person = record(alpha, permit(alpha, sets=["identity"]))
    betas = permit(beta, sets=["identity"])
    record(beta, betas)
    living = record(gamma, permit(gamma, sets=["identity"]), type="foundAlive")

    search = {
        "person": person,
        "purpose": "searchLiving",
        "legalBasis": "consent",
        "caseReference": "case-1",
        "releaseSet": "identity",
        "partners": [beta.settings.node_id, gamma.settings.node_id],
    }
    found = made(alpha.call("caseWorker", "POST", "/v1/partner-searches", search))
    outcomes = {entry["partner"]: entry["result"]["outcome"] for entry in found["results"]}
    assert outcomes == {beta.settings.node_id: "possibleHit", gamma.settings.node_id: "noHit"}

    (task,) = made(gamma.call("caseWorker", "GET", "/v1/tasks"), 200)["items"]
    choice = {"mayTell": "aliveOnly", "decidedBy": "person", "task": task["taskId"]}
    made(gamma.call("caseWorker", "POST", f"/v1/persons/{living}/choice", choice))

    asked = {
        "partnerSearch": found["partnerSearchId"],
        "partner": beta.settings.node_id,
        "hitReference": found["results"][0]["result"]["hits"][0]["reference"],
        "releaseSet": "identity",
        "reason": "The description fits.",
    }
    request = made(alpha.call("caseWorker", "POST", "/v1/partner-release-requests", asked))
    _decide_by_command(beta, request["status"]["releaseRequestId"])
    path = f"/v1/partner-release-requests/{request['partnerReleaseRequestId']}/collection"
    received = made(alpha.call("caseWorker", "POST", path))
    assert received["disclosures"]["names"]["values"]

    def told() -> bool:
        shown = made(alpha.call("caseWorker", "GET", f"/v1/partner-searches/{found['partnerSearchId']}"), 200)
        return [entry["choice"] for entry in shown["news"]] == ["aliveOnly"]

    until(told)

    # The asker is away when the consent goes; the holder dies before it could tell, and both come back.
    alpha.kill()
    made(beta.call("registrar", "POST", f"/v1/directives/{betas}/withdrawals", {}))
    beta.kill()
    alpha.start()
    beta.start()

    def acknowledged() -> bool:
        (recall,) = made(beta.call("caseWorker", "GET", "/v1/recalls"), 200)["items"]
        return [entry["state"] for entry in recall["recipients"]] == ["acknowledged"]

    until(acknowledged)
    shown = made(
        alpha.call("caseWorker", "GET", f"/v1/received-releases/{received['receivedReleaseId']}"), 200
    )
    assert shown["state"] == "erased"
    assert "disclosures" not in shown


def _decide_by_command(node: LiveNode, request_id: str) -> None:
    listed = subprocess.run(
        node.command("release-requests", "list"), capture_output=True, text=True, check=True, timeout=60
    )
    assert request_id in listed.stdout
    decided = subprocess.run(
        node.command("release-requests", "decide", request_id, "--decision", "approve"),
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    case = json.loads(decided.stdout)
    assert (case["state"], case["decidedBy"]) == ("approved", "operator")
    again = subprocess.run(
        node.command("release-requests", "decide", request_id, "--decision", "approve"),
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert again.returncode == 1
    assert "decided before" in again.stderr
