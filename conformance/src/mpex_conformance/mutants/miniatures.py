"""Nodes of a few lines that do nothing right. None of them may ever pass a check or break the suite."""

import asyncio
import itertools
import json
from collections.abc import Callable
from typing import Any

from mpex_conformance import samples
from mpex_conformance.partner.asgi import App, Receive, Scope, Send, read, write
from mpex_conformance.profile import Identity, Profile
from mpex_conformance.wire.jose import compact, new_key, public_jwk

_JSON = [(b"content-type", b"application/json")]
_NODE = samples.identifier("node")


async def always_ok(_scope: Scope, receive: Receive, send: Send) -> None:
    """Answer 200 and an empty object to everything."""
    await read(receive)
    await write(send, 200, _JSON, b"{}")


async def always_failing(_scope: Scope, receive: Receive, send: Send) -> None:
    """Answer 500 to everything."""
    await read(receive)
    await write(send, 500, [(b"content-type", b"application/problem+json")], b'{"status": 500}')


async def always_refusing(_scope: Scope, receive: Receive, send: Send) -> None:
    """Answer 401 to everything, so that every refusal asked for seems to be there."""
    await read(receive)
    body = b'{"type": "urn:mpex:problem:unauthorized", "title": "No", "status": 401, "remedy": "None"}'
    await write(send, 401, [(b"content-type", b"application/problem+json")], body)


async def empty(_scope: Scope, receive: Receive, send: Send) -> None:
    """Answer 200 without a body."""
    await read(receive)
    await write(send, 200, [], b"")


async def html(_scope: Scope, receive: Receive, send: Send) -> None:
    """Answer with a page for people."""
    await read(receive)
    await write(send, 200, [(b"content-type", b"text/html")], b"<html><body>Welcome</body></html>")


async def slow(_scope: Scope, receive: Receive, send: Send) -> None:
    """Answer later than anybody waits."""
    await read(receive)
    await asyncio.sleep(2)
    await write(send, 200, _JSON, b"{}")


async def endless(_scope: Scope, receive: Receive, send: Send) -> None:
    """Begin an answer and never end it."""
    await read(receive)
    await send({"type": "http.response.start", "status": 200, "headers": _JSON})
    for _ in itertools.count():
        await send({"type": "http.response.body", "body": b"[" * 65536, "more_body": True})
        await asyncio.sleep(0)


MINIATURES: dict[str, App] = {
    "alwaysOk": always_ok,
    "alwaysFailing": always_failing,
    "alwaysRefusing": always_refusing,
    "empty": empty,
    "html": html,
    "slow": slow,
    "endless": endless,
}


class Fronted:
    """A miniature behind a front that describes itself rightly once and grants every token.

    Without the front a run ends at discovery; with it every check meets the miniature.
    """

    def __init__(self, inner: App) -> None:
        self._inner = inner
        self._shown: set[str] = set()
        self._key = new_key()
        self.base_url = ""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve each public document once, every token, and leave the rest to the miniature."""
        path = str(scope.get("path"))
        public: dict[str, Callable[[], Any]] = {
            "/.well-known/mpex-node": self._metadata,
            "/.well-known/oauth-authorization-server": self._server,
            "/.well-known/jwks.json": self._keys,
        }
        if path in public and path not in self._shown:
            self._shown.add(path)
            await write(send, 200, _JSON, _text(public[path]()))
        elif path == "/oauth/token":
            await read(receive)
            await write(send, 200, _JSON, _text(self._token()))
        else:
            await self._inner(scope, receive, send)

    def _server(self) -> dict[str, Any]:
        return {"issuer": self.base_url, "token_endpoint": f"{self.base_url}/oauth/token"}

    def _keys(self) -> dict[str, Any]:
        return {"keys": [{**public_jwk(self._key), "kid": "miniature", "use": "sig", "alg": "ES256"}]}

    def _token(self) -> dict[str, Any]:
        token = compact({"alg": "ES256", "typ": "at+jwt"}, {"iat": 0, "exp": 300}, self._key)
        details = {"type": "urn:mpex:access", "purpose": "searchLiving", "legalBasis": "consent"}
        return {
            "access_token": token,
            "token_type": "DPoP",
            "expires_in": 300,
            "authorization_details": [{**details, "actions": ["persons:read"]}],
        }

    def _metadata(self) -> dict[str, Any]:
        limits = {"bodyBytes": 1000, "timeGridMs": 250, "paddingBytes": 4096, "partnerSearchesPerDay": 1}
        return {
            "nodeId": _NODE,
            "name": "Miniature",
            "specVersion": "1.0-draft",
            "environment": "sandbox",
            "participationClass": "fullNode",
            "conformanceClasses": ["core"],
            "recipientClass": "other",
            "purposes": [],
            "contactOffice": {"organisation": "Nobody"},
            "limits": limits,
            "log": {"origin": "miniature.example", "key": "miniature.example+00000000+AQ=="},
            "storage": {"engine": "sqlite", "rowLevelSecurity": False},
        }


def _text(value: Any) -> bytes:
    return json.dumps(value).encode()


def profile(url: str) -> Profile:
    """Return a profile with invented identities for a miniature at ``url``."""
    staff = {"registrar": Identity("registrar", "client-registrar", new_key(), None)}
    partners = {
        name: Identity(name, f"client-{name}", new_key(), None, samples.identifier("node"), None)
        for name in ("one", "two", "unmarked", "budget")
    }
    return Profile(url, "sandbox", staff, partners)
