"""Fixtures of the conformance tests: broken miniature nodes, and one real sandbox for the whole session."""

from collections.abc import Callable, Iterator

import pytest
from mpex_conformance.mutants.bench import Bench
from mpex_conformance.partner.asgi import App, Server


@pytest.fixture(scope="session")
def reference(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    """One unbroken reference node for the whole session."""
    made = Bench(tmp_path_factory.mktemp("reference") / "node")
    yield made
    made.close()


@pytest.fixture
def serve() -> Iterator[Callable[[App], str]]:
    """Serve ASGI apps on free loopback ports; returns the address of each."""
    servers: list[Server] = []

    def start(app: App) -> str:
        servers.append(Server(app, "http://127.0.0.1:0"))
        return f"http://127.0.0.1:{servers[-1].port}"

    yield start
    for server in servers:
        server.close()
