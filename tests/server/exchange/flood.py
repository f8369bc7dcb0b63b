"""A sender that does not wait: reads of a node at a fixed rate, whatever it answers."""

import asyncio
import os
import re
import secrets
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from mpex_server.keys.material import sign_es256
from mpex_server.kit import jws
from mpex_server.oauth import dpop

from tests.server.exchange.live import LiveNode

_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_MOST = 400
# A node closes what is idle for longer than five seconds.
_IDLE_SECONDS = 2.0
_TICKS = os.sysconf("SC_CLK_TCK")
Connection = tuple[asyncio.StreamReader, asyncio.StreamWriter]


@dataclass
class Outcome:
    """Answers by status, how many refusals lack Retry-After, failures, and the times of what succeeded.

    `cpu` is what the node computed, and `could` what it did or could have computed while other programs ran.
    """

    seconds: float
    cpu: float
    could: float
    statuses: Counter[int]
    hasty: int
    failures: int
    times: list[float]

    @property
    def good(self) -> float:
        """Successful answers a second."""
        return self.statuses[200] / self.seconds

    @property
    def yields(self) -> float:
        """Successful answers for each second for which the node had a processor, used or not."""
        return self.statuses[200] / self.could


@dataclass
class Flood:
    """Reads `path` of a node as one of its staff."""

    node: LiveNode
    role: str
    path: str
    idle: list[tuple[float, Connection]] = field(default_factory=list)
    waiting: int = 0

    def __post_init__(self) -> None:
        self.token = self.node.token(self.role)
        self.key: Any = self.node.identities[self.role].proof_key
        public = self.key.as_dict(private=False)
        jwk = {name: public[name] for name in ("kty", "crv", "x", "y")}
        self.head = {"typ": "dpop+jwt", "alg": "ES256", "jwk": jwk}
        self.ath = dpop.access_token_hash(self.token)

    async def at_once(self, clients: int, seconds: float) -> Outcome:
        """Let so many clients ask, each as soon as it has its answer."""
        async with self._measured() as outcome:
            ends = time.monotonic() + seconds

            async def ask() -> None:
                while time.monotonic() < ends:
                    await self._asked(outcome)

            await asyncio.gather(*(ask() for _ in range(clients)))
        return outcome

    async def at_rate(self, rate: float, seconds: float) -> Outcome:
        """Send so many requests a second, whether or not there are answers."""
        async with self._measured() as outcome, asyncio.TaskGroup() as group:
            begun = time.monotonic()
            for number in range(int(rate * seconds)):
                wait = begun + number / rate - time.monotonic()
                if wait > 0:
                    await asyncio.sleep(wait)
                # As from a proxy that has so many connections and no more.
                if self.waiting < _MOST:
                    self.waiting += 1
                    group.create_task(self._asked(outcome)).add_done_callback(self._here)
        return outcome

    def close(self) -> None:
        """Close the connections."""
        for _, connection in self.idle:
            connection[1].close()
        self.idle.clear()

    def _here(self, _task: object) -> None:
        self.waiting -= 1

    @asynccontextmanager
    async def _measured(self) -> AsyncIterator[Outcome]:
        begun, cpu, idle = time.monotonic(), self._cpu(), _idle()
        outcome = Outcome(0, 0, 0, Counter(), 0, 0, [])
        yield outcome
        outcome.seconds, outcome.cpu = time.monotonic() - begun, self._cpu() - cpu
        outcome.could = outcome.cpu + min(_idle() - idle, max(0.0, outcome.seconds - outcome.cpu))

    def _cpu(self) -> float:
        assert self.node.process is not None
        fields = Path(f"/proc/{self.node.process.pid}/stat").read_text("ascii").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / _TICKS

    async def _asked(self, outcome: Outcome) -> None:
        begun = time.monotonic()
        try:
            connection = await self._connection()
            head = await self._exchanged(connection)
        except (OSError, asyncio.IncompleteReadError):
            outcome.failures += 1
            return
        status = int(head[9:12])
        outcome.statuses[status] += 1
        if status == 200:
            outcome.times.append(time.monotonic() - begun)
        elif b"\r\nretry-after:" not in head:
            outcome.hasty += 1

    async def _connection(self) -> Connection:
        while self.idle:
            since, connection = self.idle.pop()
            if time.monotonic() - since < _IDLE_SECONDS:
                return connection
            connection[1].close()
        return await asyncio.open_connection("127.0.0.1", self.node.port)

    async def _exchanged(self, connection: Connection) -> bytes:
        reader, writer = connection
        try:
            writer.write(self._request())
            head = await reader.readuntil(b"\r\n\r\n")
            length = _LENGTH.search(head)
            await reader.readexactly(int(length[1]) if length else 0)
        except (OSError, asyncio.IncompleteReadError):
            connection[1].close()
            raise
        self.idle.append((time.monotonic(), connection))
        return head

    def _request(self) -> bytes:
        claims = {
            "jti": secrets.token_urlsafe(12),
            "htm": "GET",
            "htu": self.node.url + self.path,
            "iat": int(time.time()),
            "ath": self.ath,
        }
        proof = jws.sign(self.head, claims, lambda data: sign_es256(self.key, data))
        fields = f"host: node\r\nauthorization: DPoP {self.token}\r\ndpop: {proof}\r\n\r\n"
        return f"GET {self.path} HTTP/1.1\r\n{fields}".encode()


def _idle() -> float:
    """Return for how long processors had nothing to do, all together, since the machine was started."""
    return int(Path("/proc/stat").read_text("ascii").split()[4]) / _TICKS
