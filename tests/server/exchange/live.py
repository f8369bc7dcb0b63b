"""A node as a process on loopback, for tests of what only processes show: sockets, kills, and real time."""

import json
import time
import tomllib
from collections.abc import Callable
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

import httpx2
from joserfc.jwk import ECKey
from mpex_server.keys import FileKeys
from mpex_server.kit.clock import SystemClock, instant
from mpex_server.oauth import clients
from mpex_server.setup import sandbox
from mpex_server.storage.engine import make_engine, transaction

from tests.server.world import Identity, World
from tools import forked, ports

Body = dict[str, Any]
_PURPOSES = ["searchLiving", "identifyDeceased"]


class LiveNode(World):
    """A node in a process of its own, spoken to over a socket; `code` runs in it before the node does."""

    def __init__(
        self, folder: Path, name: str, recipient_class: str, *, code: str = "", url: str = "", **values: Any
    ) -> None:
        self.port = ports.free()
        self.folder, self.name, self.code = folder, name, code
        self.url = url or f"http://127.0.0.1:{self.port}"
        folder.mkdir(parents=True, exist_ok=True)
        # What one person asks for one person decides, whatever it is.
        plain = folder / "plain.json"
        plain.write_text("{}", "utf-8")
        values |= {"office_file": plain}
        given = {"name": f"Node {name}", "recipient_class": recipient_class, **values}
        self.settings = sandbox.prepare(folder, url=self.url, partner_urls={}, **given)
        self.clock = SystemClock()  # type: ignore[assignment]  # the world's clock is manual elsewhere
        profile = tomllib.loads((folder / sandbox.PROFILE).read_text("utf-8"))
        self.identities = {
            role: Identity(entry["client_id"], ECKey.import_key(json.loads(entry["key"])))
            for role, entry in profile["identity"].items()
        }
        self._tokens = {}
        self.process: BaseProcess | None = None
        self._http = self.client()

    def client(self, **options: Any) -> httpx2.Client:
        """Return a client that signs what partners send."""
        hooks = {"request": [self.sign]}
        return httpx2.Client(base_url=self.url, timeout=60, trust_env=False, event_hooks=hooks, **options)

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
        for other in others:
            self.enter(other.entry)

    def enter(self, entry: Body) -> None:
        """Enter a partner in the registry."""
        engine = make_engine(self.settings.database_url, self.settings.node_id)
        with transaction(engine) as conn:
            clients.register_partner(conn, entry, at=instant(SystemClock().now()))
        engine.dispose()

    def start(self) -> None:
        """Start the process and wait until it answers."""
        self.launch()
        self.wait()

    def wait(self) -> None:
        """Wait until the process answers."""
        until(lambda: answers(self._http))

    def launch(self) -> None:
        """Start the process."""
        arguments = ["sandbox", "--port", str(self.port), "--dir", str(self.folder)]
        self.process = forked.start(arguments, code=self.code)

    def command(self, *arguments: str) -> bytes:
        """Return what a command of mpex-server prints for this node's folder."""
        return forked.run(*arguments, "--dir", str(self.folder))

    def kill(self) -> None:
        """Kill the process without a chance to finish anything."""
        assert self.process is not None
        self.process.kill()
        self.process.join(60)

    def stop(self) -> None:
        """Let the process end what it does, and end."""
        assert self.process is not None
        self.process.terminate()
        self.process.join(60)
        assert not self.process.is_alive()

    def raw(self, method: str, path: str, **options: Any) -> httpx2.Response:
        return self._http.request(method, path, **options)

    def close(self) -> None:
        if self.process is not None and self.process.is_alive():
            self.stop()
        self._http.close()


def answers(http: httpx2.Client) -> bool:
    """Tell whether a node answers."""
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
