"""The mock partner: answers as a node would, notes what it receives, and misbehaves when told to."""

import json
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from mpex_conformance import clock, samples
from mpex_conformance.digests import digest, origin_proof, value_digest
from mpex_conformance.partner.asgi import Reply, Request
from mpex_conformance.profile import Identity
from mpex_conformance.wire import jose, sealing, signatures

Bend = Callable[[signatures.Components, jose.PrivateKey], tuple[signatures.Components, jose.PrivateKey]]


@dataclass(frozen=True, slots=True)
class Event:
    """An event that the target pushed."""

    token: str
    claims: dict[str, Any]
    at: float

    def of(self, kind: str) -> dict[str, Any] | None:
        """Return the content of the event when it is of ``kind``."""
        found = self.claims.get("events", {}).get(f"urn:mpex:event:{kind}")
        return found if isinstance(found, dict) else None


@dataclass
class MockNode:
    """State and routes of the mock; the next ``refuse_events`` events, ``lose_answers`` searches get 503.

    ``faults`` are those of the signatures of requests with a token; ``bent`` alters what the mock signs.
    """

    identity: Identity
    base_url: str
    target: str
    events: list[Event] = field(default_factory=list)
    refused: list[Event] = field(default_factory=list)
    searches: list[dict[str, Any]] = field(default_factory=list)
    refuse_events: int = 0
    lose_answers: int = 0
    sealed_to: dict[str, Any] | None = None
    bound: dict[str, str] = field(default_factory=dict)
    release: dict[str, Any] | None = None
    package: dict[str, Any] | None = None
    target_keys: dict[str, Any] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    bent: Bend | None = None

    def handle(self, request: Request) -> Reply:
        """Answer one request of the target."""
        match request.method, request.path.strip("/").split("/"):
            case "GET", [".well-known", "oauth-authorization-server"]:
                return Reply(200, self._authorization_server())
            case "GET", [".well-known", "oauth-protected-resource"]:
                return Reply(200, {"resource": self.base_url, "authorization_servers": [self.base_url]})
            case "GET", [".well-known", "jwks.json"]:
                return Reply(200, {"keys": [self.public_key]})
            case "GET", [".well-known", "mpex-node"]:
                return Reply(200, self._metadata())
            case "POST", ["oauth", "token"]:
                return Reply(200, self._token(request))
            case "POST", ["v1", "events"]:
                return self._event(request)
            case "POST", ["v1", "searches"]:
                return self._search(request)
            case "POST", ["v1", "release-requests"]:
                return Reply(202, self._release_status(samples.identifier("releaseRequest")))
            case "GET", ["v1", "release-requests", release_request]:
                return Reply(200, self._release_status(release_request))
            case "GET", ["v1", "release-requests", _, "release"] if self.release:
                return Reply(200, self._sealed_release(self.release))
            case "GET", ["v1", "custody-transfers", transfer, "record"] if self.package:
                return Reply(200, self._sealed(self.package, "transfer", transfer, "searchLiving"))
            case _:
                return Reply(404, {"type": "urn:mpex:problem:notFound", "title": "Not found", "status": 404})

    def signed(self, request: Request, reply: Reply) -> dict[str, str]:
        """Return the signature of a reply to a request with a token, whose own signature is judged."""
        if "authorization" not in request.headers:
            return {}
        asked = signatures.Asked(request.method, self.base_url + request.target, request.headers)
        fault = signatures.fault(asked.components(), request.headers, self.target_keys, signatures.REQUEST)
        if request.body and request.headers.get("content-digest") != signatures.digest(request.body):
            fault = "has another Content-Digest than its body"
        self.faults += [f"{request.method} {fault}"] if fault else []
        components = asked.answered(reply.status, reply.raw)
        key, kid = self.identity.key, self.identity.kid
        if self.bent is not None:
            components, key = self.bent(components, key)
        fields = signatures.sign(components, key=key, kid=kid, tag=signatures.RESPONSE)
        return {**fields, "Content-Digest": signatures.digest(reply.raw)} if reply.raw else fields

    @property
    def public_key(self) -> dict[str, Any]:
        """Return the public JWK of the mock."""
        kid = {"kid": self.identity.kid} if self.identity.kid else {}
        return {**jose.public_jwk(self.identity.key), "alg": "ES256", "use": "sig", **kid}

    @property
    def node_id(self) -> str:
        """Return the node identifier under which the target knows the mock."""
        return self.identity.node_id or ""

    def sign(self, payload: dict[str, Any], typ: str, key: jose.PrivateKey | None = None) -> str:
        """Return ``payload`` as a JWS of this node, or with another ``key`` a forged one."""
        header = {"alg": "ES256", "typ": typ, **({"kid": self.identity.kid} if self.identity.kid else {})}
        return jose.compact(header, payload, key or self.identity.key)

    def event_token(self, subject: str, events: dict[str, Any], **changes: Any) -> str:
        """Return a security event token; ``changes`` replace claims, and ``key`` forges the signature."""
        key = changes.pop("key", None)
        claims = {
            "iss": self.node_id,
            "aud": self.target,
            "jti": samples.identifier("event"),
            "iat": clock.seconds(),
            "sub_id": {"format": "opaque", "id": subject},
            "sequence": 1,
            "events": events,
            **changes,
        }
        return self.sign(claims, "secevent+jwt", key)

    def made_release(
        self,
        case: str,
        *,
        origin: dict[str, Any] | None = None,
        custodian: "MockNode | None" = None,
        proof: dict[str, Any] | None = None,
        account: dict[str, Any] | None = None,
        more_accounts: int = 0,
        disputed: bool = False,
        **conditions: Any,
    ) -> dict[str, Any]:
        """Return a signed release of an invented record, for the target and its ``case``.

        ``origin``, ``proof``, ``account`` and ``conditions`` replace members of the origin, of its proof,
        which ``custodian`` signs, of the first account of names, and of the obligations; ``disputed`` says
        that somebody contests the record.
        """
        values = [self._account() | (account or {}), *(self._account() for _ in range(more_accounts))]
        statement = {
            "iss": self.node_id,
            "aud": self.target,
            "jti": samples.identifier("release"),
            "iat": clock.seconds(),
            "purpose": "searchLiving",
            "caseReference": case,
            "validUntil": samples.instant(timedelta(days=7)),
            "obligations": {
                "deleteBy": samples.instant(timedelta(days=7)),
                "onward": "none",
                "doNotShareWith": [],
                **conditions,
            },
            "origin": {
                "custodian": self.node_id,
                "record": samples.identifier("person"),
                "version": 1,
                **(origin or {}),
            },
            "digests": {"names": [value_digest(entry) for entry in values]},
        }
        statement |= {"disputed": True} if disputed else {}
        return {
            "statement": self.sign(statement, "mpex-release+jwt"),
            "proof": (custodian or self).sign(origin_proof(statement) | (proof or {}), "mpex-origin+jwt"),
            "disclosures": {"names": {"values": values}},
        }

    def made_package(
        self,
        transfer: str,
        record: dict[str, Any],
        directive: dict[str, Any],
        *,
        withheld: bool = False,
        provenance: tuple[str, ...] = (),
    ) -> None:
        """Hold a signed record in transfer for the target."""
        salt = jose.b64u(secrets.token_bytes(16))
        claims = {
            "iss": self.node_id,
            "aud": self.target,
            "jti": transfer,
            "iat": clock.seconds(),
            "record": record["recordId"],
            "version": record["version"],
            "withheld": withheld,
            "digest": digest(salt, [record, directive]),
        }
        statement = self.sign(claims, "mpex-custody-package+jwt")
        self.package = {"statement": statement, "salt": salt, "record": record, "directives": [directive]}
        if provenance:
            self.package["provenance"] = list(provenance)

    def _account(self) -> dict[str, Any]:
        return {
            "salt": jose.b64u(secrets.token_bytes(16)),
            "contributionId": samples.identifier("contribution"),
            "assertedAt": samples.instant(),
            "value": {"names": [{"text": f"{samples.word()} {samples.word()}"}]},
        }

    def _sealed_release(self, release: dict[str, Any]) -> dict[str, Any]:
        claims = jose.claims(release["statement"])
        return self._sealed(release, "release", claims["jti"], claims["purpose"])

    def _sealed(self, content: dict[str, Any], what: str, name: str, purpose: str) -> dict[str, Any]:
        """Seal something to the target, bound to what it is for but for ``bound``; or do not."""
        if self.sealed_to is None:
            return content
        terms = {"iss": self.node_id, "aud": self.target, "purpose": purpose, what: name}
        return sealing.seal(content, terms, self.sealed_to, what=what, **self.bound)

    def _event(self, request: Request) -> Reply:
        token = request.body.decode("ascii", "replace").strip()
        try:
            event = Event(token, jose.claims(token), time.monotonic())
        except ValueError:
            return Reply(400, {"err": "invalid_request"})
        if self.refuse_events > 0:
            self.refuse_events -= 1
            self.refused.append(event)
            return Reply(503, None)
        self.events.append(event)
        return Reply(202, None)

    def _search(self, request: Request) -> Reply:
        query = json.loads(request.body)
        self.searches.append(query)
        if self.lose_answers > 0:
            self.lose_answers -= 1
            return Reply(503, None)
        search = query["searchId"]
        statement = {
            "iss": self.node_id,
            "aud": self.target,
            "iat": clock.seconds(),
            "searchId": search,
            "outcome": "possibleHit",
            "treeSize": 1,
        }
        hit = {"reference": jose.b64u(b"m" * 48), "returnedSet": query["releaseSet"]}
        answer = {
            "searchId": search,
            "outcome": "possibleHit",
            "hits": [hit],
            "statement": self.sign(statement, "mpex-search+jwt"),
        }
        return Reply(200, answer)

    def _release_status(self, identifier: str) -> dict[str, Any]:
        return {
            "releaseRequestId": identifier,
            "state": "approved",
            "requestedAt": samples.instant(),
            "dueAt": samples.instant(),
            "grantedCategories": list((self.release or {}).get("disclosures", {})),
        }

    def _token(self, request: Request) -> dict[str, Any]:
        return {
            "access_token": "mock.token.value",
            "token_type": "DPoP",
            "expires_in": 60,
            "authorization_details": request.authorization_details(),
        }

    def _authorization_server(self) -> dict[str, Any]:
        return {
            "issuer": self.base_url,
            "token_endpoint": f"{self.base_url}/oauth/token",
            "jwks_uri": f"{self.base_url}/.well-known/jwks.json",
            "grant_types_supported": ["client_credentials"],
            "token_endpoint_auth_methods_supported": ["private_key_jwt"],
            "token_endpoint_auth_signing_alg_values_supported": ["ES256"],
            "dpop_signing_alg_values_supported": ["ES256"],
            "authorization_details_types_supported": ["urn:mpex:access"],
            "response_types_supported": [],
        }

    def _metadata(self) -> dict[str, Any]:
        return {
            "nodeId": self.node_id,
            "name": "Mock partner",
            "specVersion": "1.0-draft",
            "environment": "sandbox",
            "participationClass": "fullNode",
            "conformanceClasses": [],
            "recipientClass": "humanitarian",
            "purposes": ["searchLiving"],
            "contactOffice": samples.OFFICE,
            "limits": {},
            "log": {"origin": "mock.example/log", "key": "mock.example+00000000+AQ=="},
            "storage": {"engine": "sqlite", "rowLevelSecurity": False},
        }
