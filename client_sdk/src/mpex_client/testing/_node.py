"""The fake node: finds the operation of a request, lets the client in, answers from memory."""

import re
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import httpx2

from mpex_client._async.client import AsyncClient
from mpex_client._clock import Clock, instant, utc_now
from mpex_client._generated.operations import OPERATIONS
from mpex_client._messages import is_partner
from mpex_client._retry import RetryPolicy
from mpex_client._sync.client import Client
from mpex_client.ids import new_id
from mpex_client.keys import SigningKey
from mpex_client.profile import Identity
from mpex_client.testing._documents import Documents
from mpex_client.testing._log import FakeLog
from mpex_client.testing._reply import RefusalError, json_reply
from mpex_client.testing._tokens import Tokens

__all__ = ["FakeNode", "Recorded"]

NO_WAIT = RetryPolicy(first_pause=0.0, longest_pause=0.0)
_COLLECTIONS = re.compile(r"/v1/([a-z-]+)(/\{[A-Za-z]+\})?")
_PATTERNS = [
    (name, operation, re.compile(re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>[^/]+)", re.escape(operation.path))))
    for name, operation in OPERATIONS.items()
]


@dataclass(frozen=True, slots=True)
class Recorded:
    """One request as the node saw it; `body` is what was sent."""

    operation: str
    path: str
    headers: httpx2.Headers
    body: bytes


class FakeNode:
    """A node in memory. `transport` plugs into `Client` and `AsyncClient`; `requests` is what came in."""

    __test__ = False

    def __init__(self, url: str = "https://node.example", *, clock: Clock = utc_now) -> None:
        self.url = url
        self.node_id = new_id("node")
        self.requests: list[Recorded] = []
        self.transport = httpx2.MockTransport(self._answer)
        self.tokens = Tokens(url, clock)
        self.documents = Documents(clock)
        self.log = FakeLog("node.example")
        self._clock = clock
        self._failures: deque[Callable[[], httpx2.Response]] = deque()

    def identity(self, kind: str = "client") -> Identity:
        """Register a new client of staff, or a partner (`node`), and return its identity."""
        client_id, key = new_id(kind), SigningKey.generate()
        self.tokens.register(client_id, key.public_jwk)
        return Identity(self.url, client_id, key)

    def client(self, **options: Any) -> Client:
        """Return a blocking client of a new identity; `options` are those of `Client`."""
        return Client(self.identity(), **self._options(options))

    def partner(self, **options: Any) -> Client:
        """Return a blocking client of a new partner, which has the keys of this node; `options` as above."""
        keys = {"keys": self.tokens.public_jwks()}
        return Client(self.identity("node"), **keys | self._options(options))

    def async_client(self, **options: Any) -> AsyncClient:
        """Return an asynchronous client of a new identity; `options` are those of `AsyncClient`."""
        return AsyncClient(self.identity(), **self._options(options))

    def fail(self, *failures: int | httpx2.RequestError, retry_after: int | None = None) -> None:
        """Make the next resource requests fail: an HTTP status, or an error of the transport."""
        self._failures.extend(partial(_fail, failure, retry_after) for failure in failures)

    def _options(self, options: dict[str, Any]) -> dict[str, Any]:
        return {"transport": self.transport, "retry": NO_WAIT, "clock": self._clock} | options

    def _answer(self, request: httpx2.Request) -> httpx2.Response:
        path = request.url.raw_path.decode().partition("?")[0]
        for name, operation, pattern in _PATTERNS:
            found = pattern.fullmatch(path)
            if found and operation.method == request.method:
                self.requests.append(Recorded(name, path, request.headers, request.content))
                try:
                    return self._carried_out(name, request, found.groupdict())
                except RefusalError as refusal:
                    return refusal.reply()
        return RefusalError("notFound").reply()

    def _carried_out(self, name: str, request: httpx2.Request, path: dict[str, str]) -> httpx2.Response:
        operation = OPERATIONS[name]
        if operation.action is None:
            return self._open(name, request)
        client_id = self.tokens.check(request, operation.action)
        if self._failures:
            return self._failures.popleft()()
        self.log.add(name, client_id, instant(self._clock()))
        answer = self._resource(name, request, path, client_id)
        if is_partner(client_id):
            answer.headers.update(self.tokens.signature(request, answer))
        return answer

    def _open(self, name: str, request: httpx2.Request) -> httpx2.Response:
        if name == "createToken":
            return self.tokens.issue(request)
        if name == "getAuthorizationServerMetadata":
            return json_reply(200, {"issuer": self.url, "token_endpoint": f"{self.url}/oauth/token"})
        if name == "getProtectedResourceMetadata":
            return json_reply(200, {"resource": self.url, "authorization_servers": [self.url]})
        if name == "getJwks":
            return json_reply(200, self.tokens.public_jwks())
        if name == "getNodeMetadata":
            return json_reply(200, self._metadata())
        return json_reply(200, {"status": "ok"})

    def _resource(
        self, name: str, request: httpx2.Request, path: dict[str, str], client_id: str
    ) -> httpx2.Response:
        operation, identifier = OPERATIONS[name], next(iter(path.values()), "")
        shape = _COLLECTIONS.fullmatch(operation.path)
        if name == "importIncidents":
            return self.documents.import_incidents(request)
        if name == "importPersons":
            return self.documents.import_persons(request)
        if name == "withdrawDirective":
            return self.documents.withdraw(request, identifier)
        if operation.path.startswith("/v1/log/"):
            return self._logged(name, request)
        if shape is None:
            raise RefusalError("notFound")
        if operation.method == "POST":
            return self.documents.create(name, request, client_id, shape[1])
        if operation.method == "PUT":
            return self.documents.replace(name, request, identifier)
        return self.documents.read(identifier) if identifier else self.documents.list(request, shape[1])

    def _logged(self, name: str, request: httpx2.Request) -> httpx2.Response:
        query = request.url.params
        if name == "getCheckpoint":
            return httpx2.Response(200, text=self.log.checkpoint())
        if name == "listLogEntries":
            return json_reply(200, {"items": self.log.entries})
        if name == "getConsistencyProof":
            return json_reply(200, self.log.consistency(int(query["from"]), int(query["to"])))
        proof = self.log.inclusion(query["leaf"], int(query["size"]) if "size" in query else None)
        if proof is None:
            raise RefusalError("notFound")
        return json_reply(200, proof)

    def _metadata(self) -> dict[str, Any]:
        return {
            "nodeId": self.node_id,
            "name": "A node in memory",
            "specVersion": "1.0-draft",
            "environment": "sandbox",
            "participationClass": "fullNode",
            "conformanceClasses": [],
            "recipientClass": "humanitarian",
            "purposes": ["searchLiving"],
            "contactOffice": {"organisation": "A node in memory"},
            "limits": {},
            "log": {"origin": self.log.origin, "key": self.log.verifier_key},
            "storage": {"engine": "sqlite", "rowLevelSecurity": False},
        }


def _fail(failure: int | httpx2.RequestError, retry_after: int | None) -> httpx2.Response:
    if isinstance(failure, httpx2.RequestError):
        raise failure
    headers = {} if retry_after is None else {"Retry-After": str(retry_after)}
    return httpx2.Response(failure, headers=headers)
