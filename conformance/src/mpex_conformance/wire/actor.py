"""An actor: one client of the target that gets tokens and calls operations, rightly or wrongly."""

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from mpex_conformance.outcomes import CheckFailedError, UntestableError
from mpex_conformance.profile import Identity
from mpex_conformance.wire import contract, proofs, signatures
from mpex_conformance.wire.client import Request, Wire
from mpex_conformance.wire.exchange import Answer
from mpex_conformance.wire.jose import PrivateKey

FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True, slots=True, repr=False)
class Token:
    """An access token bound to ``key``."""

    value: str
    key: PrivateKey
    until: float


@dataclass(frozen=True, slots=True)
class Doors:
    """Where the authorization server is, as its metadata say."""

    issuer: str
    token_endpoint: str


def details(purpose: str, actions: list[str], legal_basis: str = "vitalInterest") -> list[dict[str, Any]]:
    """Return authorization details as the standard asks for them."""
    return [{"type": "urn:mpex:access", "purpose": purpose, "legalBasis": legal_basis, "actions": actions}]


class Actor:
    """Speaks to the target as one ``identity``; tokens are kept per purpose and action."""

    def __init__(self, wire: Wire, identity: Identity, doors: Doors) -> None:
        self.wire = wire
        self.identity = identity
        self.doors = doors
        self._tokens: dict[tuple[str, str], Token] = {}

    def assertion(self, **changes: Any) -> str:
        """Return a client assertion; ``changes`` go to `proofs.assertion`."""
        right: dict[str, Any] = {
            "client_id": self.identity.client_id,
            "issuer": self.doors.issuer,
            "kid": self.identity.kid,
        }
        key = changes.pop("key", self.identity.key)
        return proofs.assertion(key, **{**right, **changes})

    def ask_token(self, *args: Any, **changes: Any) -> tuple[Answer, PrivateKey]:
        """Ask the token endpoint, as `token_request` says; return the answer and the key of the proof."""
        return self.wire.send(self.token_request(*args, **changes)), self.identity.key

    def token_request(
        self,
        purpose: str = "searchLiving",
        actions: list[str] | None = None,
        *,
        assertion: str | None = None,
        authorization_details: Any = ...,
        proof: str | None = "",
        form: dict[str, str | list[str]] | None = None,
    ) -> Request:
        """Return a request for a token; an empty ``proof`` means a right one, None means none at all.

        ``form`` replaces parameters; a list names one as often as it is long.
        """
        if authorization_details is ...:
            authorization_details = details(purpose, actions or ["searches:create"])
        fields = {
            "grant_type": "client_credentials",
            "client_id": self.identity.client_id,
            "client_assertion_type": proofs.ASSERTION_TYPE,
            "client_assertion": assertion or self.assertion(),
            **(
                {}
                if authorization_details is None
                else {"authorization_details": _text(authorization_details)}
            ),
            **(form or {}),
        }
        headers = {"Content-Type": FORM, "Accept": "application/json"}
        if proof == "":
            proof, _ = proofs.proof(self.identity.key, method="POST", url=self.doors.token_endpoint)
        if proof is not None:
            headers["DPoP"] = proof
        path = self.doors.token_endpoint.removeprefix(self.wire.base_url)
        operation = contract.operations()["createToken"]
        return Request(operation, path, headers, urlencode(fields, doseq=True).encode())

    def token(self, purpose: str, action: str, *also: str) -> Token:
        """Return a token for one action, or some; UntestableError when the target grants none."""
        actions = " ".join((action, *also))
        kept = self._tokens.get((purpose, actions))
        if kept and kept.until > time.monotonic():
            return kept
        answer, key = self.ask_token(purpose, [action, *also])
        if answer.status != 200:
            raise UntestableError(f"{self.identity.name} gets no token for {action} and {purpose}")
        if answer.violations:
            raise CheckFailedError(answer.violations[0].text)
        life = min(float(answer.at("expires_in")), 300.0)
        token = Token(str(answer.at("access_token")), key, time.monotonic() + life - 30)
        self._tokens[purpose, actions] = token
        return token

    def may(self, purpose: str, action: str) -> bool:
        """Return whether the target grants this actor ``action`` for ``purpose``."""
        try:
            self.token(purpose, action)
        except UntestableError:
            return False
        return True

    def call(
        self,
        operation_id: str,
        body: Any = None,
        *,
        purpose: str = "searchLiving",
        query: dict[str, str] | None = None,
        headers: dict[str, str | None] | None = None,
        raw: bytes | None = None,
        token: Token | None = None,
        wrong: bool = False,
        also: tuple[str, ...] = (),
        **ids: str,
    ) -> Answer:
        """Call an operation with a right token and proof; ``raw`` sends bytes as they are, ``wrong`` says
        that the body is meant to contradict its schema, and ``also`` names more actions of the token.
        """
        operation = contract.operations()[operation_id]
        token = token or self.token(purpose, operation.action or "", *also)
        request = self.prepare(operation, token, body, query=query, ids=ids)
        if raw is not None:
            request = replace(request, body=raw)
        elif body is not None and not wrong:
            request.doubts += contract.judge_request(operation, body)
        for name, value in (headers or {}).items():
            request.headers.pop(name, None)
            if value is not None:
                request.headers[name] = value
        return self.wire.send(self.signed(request))

    def signed(self, request: Request, **changes: Any) -> Request:
        """Return the request as this client sends it: a partner signs; ``changes`` replace parameters."""
        method = request.method or request.operation.method
        request.headers |= self.signature(method, request.path, request.headers, request.body, **changes)
        return request

    def signature(
        self, method: str, path: str, headers: Mapping[str, str], body: bytes, **changes: Any
    ) -> dict[str, str]:
        """Return the fields that sign a request of a partner; none for staff, who do not sign."""
        if not self.identity.client_id.startswith("node:"):
            return {}
        own = {"Content-Digest": signatures.digest(body)} if body else {}
        asked = self._asked(method, path, {**headers, **own})
        key, kid = self.identity.key, self.identity.kid
        right: dict[str, Any] = {"key": key, "kid": kid, "tag": signatures.REQUEST}
        return {**own, **signatures.sign(asked.components(), **{**right, **changes})}

    def asked(self, request: Request) -> signatures.Asked:
        """Return a request as signatures cover it."""
        return self._asked(request.method or request.operation.method, request.path, request.headers)

    def _asked(self, method: str, path: str, headers: Mapping[str, str]) -> signatures.Asked:
        fields = {name.lower(): value for name, value in headers.items()}
        return signatures.Asked(method, self.wire.base_url + path, fields)

    def prepare(
        self,
        operation: contract.Operation,
        token: Token,
        body: Any = None,
        *,
        query: dict[str, str] | None = None,
        ids: dict[str, str] | None = None,
    ) -> Request:
        """Return the right request, for a check to spoil and send."""
        path = operation.url(ids or {}) + (f"?{urlencode(query)}" if query else "")
        made, jti = proofs.proof(
            token.key, method=operation.method, url=self.wire.base_url + path, token=token.value
        )
        headers = {"Authorization": f"DPoP {token.value}", "DPoP": made, "Accept": "*/*"}
        raw = b""
        if isinstance(body, str):
            headers["Content-Type"], raw = "application/secevent+jwt", body.encode()
        elif body is not None:
            headers["Content-Type"], raw = "application/json", json.dumps(body, ensure_ascii=False).encode()
        if operation.creating:
            headers["Idempotency-Key"] = proofs.unique()
        return Request(operation, path, headers, raw, proof=jti)


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)
