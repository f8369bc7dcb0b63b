"""Scenes of trust: the suite vouches for nodes of its own, waits for the target to look, and tries them."""

import time
from collections.abc import Callable, Mapping
from types import TracebackType
from typing import Any, Self

from mpex_conformance import expect
from mpex_conformance.lab import Lab
from mpex_conformance.outcomes import CheckFailedError, UntestableError
from mpex_conformance.partner.asgi import PortTakenError, Server, app
from mpex_conformance.partner.federation import Federation, StandIn
from mpex_conformance.partner.ledger import Ledger
from mpex_conformance.wire.actor import Actor
from mpex_conformance.wire.exchange import Answer

_LEDGER = "anchor-log.json"
_PAUSE_SECONDS = 0.2
_OK = 200


class Vouching(Federation):
    """A federation for one check: it is set up first, and then served until the end of the context.

    Its node `sound` is. While no check runs nothing answers, so that the target has nothing to read.
    """

    def __init__(self, lab: Lab) -> None:
        anchor = lab.profile.anchor
        if anchor is None or anchor.url is None:
            raise UntestableError("the profile has no [anchor] that the target has chosen")
        folder = lab.profile.folder
        super().__init__(anchor.url.rstrip("/"), anchor.key, Ledger(folder and folder / _LEDGER))
        self._lab = lab
        self._server: Server | None = None
        self.sound = self.node("sound")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._server is not None:
            self._server.close()

    def looked_at(self) -> None:
        """Serve, and wait until the sound node has access: the target has looked, and judged everybody."""
        if self._server is None:
            try:
                self._server = Server(app(self.handle, lambda _request, _reply: {}), self.url)
            except PortTakenError as error:
                raise UntestableError(str(error)) from None
        self.gains(self.sound)

    def gains(self, node: StandIn) -> None:
        """Wait until a node has access."""
        self._wait("a node with a whole chain and both marks gets no access", lambda: self.lets_in(node))

    def looked_again(self) -> None:
        """Wait until the target has read everything once more: a look that began later has ended."""
        before = self.looks
        self._wait("the target does not look again", lambda: self.looks >= before + 2)

    def lets_in(self, node: StandIn, purpose: str = "searchLiving") -> bool:
        """Return whether the target gives a node a token."""
        return self.tried(node, purpose).status == _OK

    def tried(self, node: StandIn, purpose: str = "searchLiving") -> Answer:
        """Return what the token endpoint of the target answers to a node."""
        actor = Actor(self._lab.wire, node.identity, self._lab.doors)
        return actor.ask_token(purpose, ["log:read"])[0]

    def refused(self, nodes: Mapping[str, StandIn]) -> None:
        """Expect that none of the nodes has access, once the target has looked; names say what is wrong."""
        self.looked_at()
        for wrong, node in nodes.items():
            expect.oauth_error(self.tried(node), why=wrong)

    def ended(self, node: StandIn, why: str, *, within: float | None = None) -> None:
        """Expect that the access of a node ends, within so many seconds or while it is waited for."""
        self._wait(f"a node has access on although {why}", lambda: not self.lets_in(node), within)

    def _wait(self, otherwise: str, done: Callable[[], Any], within: float | None = None) -> None:
        seconds = self._lab.config.event_seconds if within is None else within
        until = time.monotonic() + seconds
        while not done():
            if time.monotonic() > until:
                raise CheckFailedError(f"{otherwise} within {seconds:.0f} seconds")
            time.sleep(_PAUSE_SECONDS)
