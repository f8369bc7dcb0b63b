"""What a node is told in place of what is published, and what became of what it had released."""

from collections.abc import Callable, Mapping

import pytest
from mpex_server.federation.chains import Resolver
from mpex_server.federation.faults import TrustError
from mpex_server.federation.mandate import Trusted
from mpex_server.federation.watch import Watch

from tests.server.exchange.town import RECEIVED, made
from tests.server.federation.realm import Realm

Answer = Callable[[str], str | None]


def answering(realm: Realm, monkeypatch: pytest.MonkeyPatch, answer: Answer) -> None:
    """Let beta get what `answer` says in place of what is published, where that is not None."""
    peers = realm.nodes["beta"].node.peers
    fetch, ask = peers.fetch, peers.ask_status
    monkeypatch.setattr(peers, "fetch", lambda url: answer(url) or fetch(url))
    monkeypatch.setattr(peers, "ask_status", lambda url, mark: answer(url) or ask(url, mark))


def held(realm: Realm) -> list[str]:
    """Return the states of what alpha has received."""
    realm.deliver()
    items = made(realm.nodes["alpha"].call("caseWorker", "GET", RECEIVED), 200)["items"]
    return [entry["state"] for entry in items]


class Unwatched(Watch):
    """The logs of a federation in memory, which has none: each decision counts."""

    def __init__(self) -> None:
        super().__init__({}, {}, {}, lambda _url: "")

    def read(self, superiors: Mapping[str, str], resolver: Resolver) -> None:
        """Read nothing."""

    def checked(self, made: Trusted | TrustError) -> Trusted | TrustError:
        """Take everything for logged."""
        return made
