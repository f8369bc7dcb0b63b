"""A node behind nginx as the runbook sets it up, with a certificate that lives as long as the test."""

import re
import socket
import ssl
from pathlib import Path

import httpx2

from tests.certificates import certify
from tests.server.exchange.live import LiveNode
from tools import forked, ports

_RUNBOOK = Path(__file__).parents[3] / "docs/guide/runbook.md"
(EXAMPLE,) = re.findall(r"^```nginx\n(.*?)^```$", _RUNBOOK.read_text("utf-8"), re.DOTALL | re.MULTILINE)


class Proxy:
    """What nginx needs, in a folder of its own: the server of the runbook at places of the test, a key."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, ports.free()
        folder.mkdir()
        self.url = f"https://127.0.0.1:{self.port}"
        self.trust = ssl.create_default_context(cadata=certify(folder))
        self.log = folder / "mpex.log"

    def server(self, inner: int, **changes: str) -> str:
        """Return the example for a node on port `inner`; `changes` are values of directives."""
        here = {
            "server 127.0.0.1:8443": f"server 127.0.0.1:{inner}",
            "listen 443 ssl": f"listen 127.0.0.1:{self.port} ssl",
            "/etc/ssl/node.example.pem": str(self.folder / "node.pem"),
            "/etc/ssl/private/node.example.key": str(self.folder / "node.key"),
            "/var/log/nginx/mpex.log": str(self.log),
        }
        text: str = EXAMPLE
        for old, new in here.items():
            assert text.count(old) == 1, f"the example says {old} once"
            text = text.replace(old, new)
        for name, value in changes.items():
            text, found = re.subn(rf"^  {name} .*;$", f"  {name} {value};", text, flags=re.MULTILINE)
            assert found == 1, f"the example gives {name} once"
        return text

    def client(self) -> httpx2.Client:
        """Return a client that trusts the certificate."""
        return httpx2.Client(base_url=self.url, verify=self.trust, timeout=60, trust_env=False)

    def connect(self) -> ssl.SSLSocket:
        """Return a connection, to send what no client would."""
        plain = socket.create_connection(("127.0.0.1", self.port), timeout=10)
        return self.trust.wrap_socket(plain, server_hostname="127.0.0.1")


class NodeBehind(LiveNode):
    """A node that is asked through its proxy only."""

    def __init__(self, folder: Path, proxy: Proxy) -> None:
        super().__init__(folder, "behind", "humanitarian", url=proxy.url)
        self._http.close()
        self._http = self.client(verify=proxy.trust)

    def launch(self) -> None:
        given = ["serve", "--port", str(self.port), "--dir", str(self.folder)]
        self.process = forked.start(given, output=self.folder / "output")
