"""The metrics' own address on loopback: never part of the interface, and answered while that is busy."""

import os
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from http.server import ThreadingHTTPServer
from pathlib import Path
from socket import SO_REUSEADDR, SOL_SOCKET, socket
from threading import Thread

from prometheus_client import CollectorRegistry
from prometheus_client.exposition import MetricsHandler

from mpex_server.node import Node
from mpex_server.observation.metrics import FILES
from mpex_server.observation.state import State

_HOST = "127.0.0.1"


class PortTakenError(RuntimeError):
    """Something else listens where the metrics are to be read."""


class _Server(ThreadingHTTPServer):
    # Every process of the node listens, and whichever answers says what all have counted.
    allow_reuse_port = True
    daemon_threads = True


def offered(node: Node) -> AbstractContextManager[object]:
    """Serve the metrics of the node, of all its processes together, if its settings name a port."""
    if node.settings.metrics_port is None:
        return nullcontext()
    if FILES in os.environ:
        forget_the_dead(Path(os.environ[FILES]))
    registry = node.metrics.of_all_processes()
    registry.register(State(node))
    return listening(node.settings.metrics_port, registry)


def check(port: int | None) -> None:
    """Raise PortTakenError when a port is not free for the metrics; another node's may be there."""
    if port is None:
        return
    with socket() as sock:
        sock.setsockopt(SOL_SOCKET, SO_REUSEADDR, 1)
        try:
            sock.bind((_HOST, port))
        except OSError:
            raise PortTakenError(
                f"MPEX_METRICS_PORT: port {port} of {_HOST} is taken or not permitted."
            ) from None


@contextmanager
def listening(port: int, registry: CollectorRegistry) -> Iterator[int]:
    """Serve the metrics on a port of 127.0.0.1 until left; yield the port, a free one for 0."""
    with _Server((_HOST, port), MetricsHandler.factory(registry)) as server:
        thread = Thread(target=server.serve_forever, name="mpex-metrics", daemon=True)
        thread.start()
        try:
            yield server.server_port
        finally:
            server.shutdown()
            thread.join()


def forget_the_dead(files: Path) -> None:
    """Remove what processes that were killed last said of their present state; what they counted stays."""
    for file in files.glob("gauge_live*_*.db"):
        if not Path("/proc", file.stem.rpartition("_")[2]).exists():
            file.unlink(missing_ok=True)
