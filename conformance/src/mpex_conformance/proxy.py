"""A signing proxy: lets ordinary scanners speak to a node that asks for tokens and proofs.

`X-Test-Identity: registrar` (or another role, or a partner) makes the proxy add a token and a DPoP
proof for the operation asked, and the message signature of a partner. `X-Test-Identity: anyone` does so as
the first identity that is granted its action. Without the header a request passes as it is, as that of a
stranger, and with a name that the profile does not have it carries a token that nobody gave.
"""

import asyncio
import functools
import re
from typing import Any

import httpx2

from mpex_conformance.lab import Lab
from mpex_conformance.outcomes import CheckFailedError, UntestableError
from mpex_conformance.partner.asgi import Receive, Scope, Send, read, write
from mpex_conformance.wire import contract, proofs
from mpex_conformance.wire.actor import Actor

IDENTITY, PURPOSE = b"x-test-identity", b"x-test-purpose"
_OWN = frozenset(
    {
        IDENTITY,
        PURPOSE,
        b"host",
        b"content-length",
        b"connection",
        b"authorization",
        b"dpop",
        b"content-digest",
        b"signature",
        b"signature-input",
        b"transfer-encoding",
    }
)
_HOP = frozenset({b"content-length", b"transfer-encoding", b"connection"})
_DEFAULT_PURPOSE = "searchLiving"
ANYONE = "anyone"


class Proxy:
    """ASGI application that signs and forwards to the target of ``lab``."""

    def __init__(self, lab: Lab) -> None:
        self._actors = {**lab.actors, **lab.partners}
        self._granted: dict[tuple[str, str], Actor | None] = {}
        self._base_url = lab.wire.base_url
        self._http = httpx2.AsyncClient(timeout=30, trust_env=False)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Forward one request; 502 when the target does not answer."""
        if scope["type"] == "lifespan":
            await self._live(receive, send)
            return
        body = await read(receive)
        raw_path = scope["raw_path"].decode("ascii")
        query = scope["query_string"].decode("ascii")
        kept = [(name, value) for name, value in scope["headers"] if name not in _OWN]
        try:
            signed = await asyncio.to_thread(self._signature, scope, raw_path, kept, body)
        except (UntestableError, CheckFailedError):
            signed = {}
        added = [(name.encode(), value.encode()) for name, value in signed.items()]
        url = httpx2.URL(self._base_url + raw_path + (f"?{query}" if query else ""))
        try:
            answer = await self._http.request(scope["method"], url, headers=kept + added, content=body)
        except httpx2.HTTPError:
            await write(send, 502, [(b"content-type", b"text/plain")], b"the target does not answer")
            return
        passed = [(name.lower(), value) for name, value in answer.headers.raw if name.lower() not in _HOP]
        await write(send, answer.status_code, passed, answer.content)

    async def _live(self, receive: Receive, send: Send) -> None:
        await receive()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await self._http.aclose()
        await send({"type": "lifespan.shutdown.complete"})

    def _signature(
        self, scope: Scope, path: str, kept: list[tuple[bytes, bytes]], body: bytes
    ) -> dict[str, str]:
        headers: dict[bytes, bytes] = dict(scope["headers"])
        if IDENTITY not in headers:
            return {}
        purpose = headers.get(PURPOSE, _DEFAULT_PURPOSE.encode()).decode("latin-1")
        action = _action(scope["method"], path)
        actor = self._actor(headers[IDENTITY].decode("latin-1"), purpose, action)
        if actor is None:
            return {"Authorization": "DPoP of-nobody", "DPoP": "of-nobody"}
        if action is None:
            return {}
        token = actor.token(purpose, action)
        made, _ = proofs.proof(
            token.key, method=scope["method"], url=self._base_url + path, token=token.value
        )
        proved = {"Authorization": f"DPoP {token.value}", "DPoP": made}
        query = scope["query_string"].decode("ascii")
        target = path + (f"?{query}" if query else "")
        given = {name.decode("latin-1"): value.decode("latin-1") for name, value in kept}
        return {**proved, **actor.signature(scope["method"], target, {**given, **proved}, body)}

    def _actor(self, name: str, purpose: str, action: str | None) -> Actor | None:
        """Return the identity of a name; for anyone, the first that is granted the action, if any is."""
        if name != ANYONE or action is None:
            return self._actors.get(name)
        if (purpose, action) not in self._granted:
            may = (actor for actor in self._actors.values() if actor.may(purpose, action))
            self._granted[purpose, action] = next(may, None)
        return self._granted[purpose, action]


def _action(method: str, path: str) -> str | None:
    """Return the action of the operation asked; of the address, for a method that it does not offer."""
    matching = [item for pattern, item in _patterns() if pattern.fullmatch(path)]
    exact = [item for item in matching if item.method == method]
    return next((item.action for item in [*exact, *matching] if item.action), None)


@functools.cache
def _patterns() -> list[tuple[re.Pattern[str], Any]]:
    every = sorted(contract.operations().values(), key=lambda item: item.path.count("{"))
    return [(re.compile(re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(item.path))), item) for item in every]
