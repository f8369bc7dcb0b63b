"""A node in memory with registered clients, spoken to over ASGI exactly as over HTTP."""

import asyncio
import json
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import httpx2
import mpex_spec
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from joserfc import jwt
from joserfc.jwk import ECKey, Key, OKPKey
from joserfc.jws import JWSRegistry
from mpex_server.app import create_app
from mpex_server.audit.sequencer import sequence
from mpex_server.custody import sealing as custody_sealing
from mpex_server.custody.packages import Terms
from mpex_server.http.edge import Edge
from mpex_server.keys import FileKeys
from mpex_server.keys.material import new_encryption_jwk, public_jwk
from mpex_server.kit import base64url, hpke, strict_json
from mpex_server.kit.clock import ManualClock, instant
from mpex_server.kit.ids import new_id
from mpex_server.oauth import clients, dpop
from mpex_server.oauth.access import ROLE_ACTIONS
from mpex_server.release_requests import sealing
from mpex_server.settings import Settings
from mpex_server.storage import tables as t
from mpex_server.storage.engine import transaction
from mpex_spec.access_table import PARTNER
from sqlalchemy import select

from tests.server import contract, signing
from tools import tables

URL = "https://node.example"
START = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)
_REGISTRY = JWSRegistry(algorithms=["ES256", "PS256", "Ed25519"], strict_check_header=False)


@dataclass
class Identity:
    """A client with its keys: one authenticates, one proves possession, and to one it lets others seal."""

    client_id: str
    key: Key = field(default_factory=lambda: ECKey.generate_key("P-256", {"alg": "ES256"}, auto_kid=True))
    proof_key: Key = field(default_factory=lambda: ECKey.generate_key("P-256"))
    sealed_to: dict[str, Any] = field(default_factory=new_encryption_jwk)

    @property
    def alg(self) -> str:
        return {"EC": "ES256", "RSA": "PS256", "OKP": "Ed25519"}[self.key.key_type]

    @property
    def jwks(self) -> dict[str, Any]:
        return {"keys": [self.key.as_dict(private=False), public_jwk(self.sealed_to)]}

    def opened(self, package: dict[str, Any], *, issuer: str, purpose: str) -> dict[str, Any]:
        """Return what a node sealed to this client (REL-018, CUST-023)."""
        private = OKPKey.import_key(self.sealed_to).private_key
        assert isinstance(private, X25519PrivateKey)
        assert package["kid"] == self.sealed_to["kid"]
        enc, ciphertext = (base64url.decode(package[name]) for name in ("enc", "ciphertext"))
        bound = _bound_to(package, issuer, self.client_id, purpose)
        return dict(strict_json.loads(hpke.unseal(private, enc, ciphertext, bound)))


def _bound_to(package: dict[str, Any], issuer: str, audience: str, purpose: str) -> bytes:
    if "release" in package:
        return sealing.info(issuer, audience, purpose, package["release"])
    return custody_sealing.info(Terms(package["transfer"], audience, purpose), issuer=issuer)


class World:
    """One node, its clock and its clients; every request is a real ASGI request.

    `answered` holds operation and status of every response so far.
    """

    def __init__(
        self, app: Edge, clock: ManualClock, identities: dict[str, Identity], url: str = URL
    ) -> None:
        self.app = app
        self.url = url
        self.clock = clock
        self.identities = identities
        self.answered: set[tuple[str, str]] = set()
        self._tokens: dict[tuple[str, str, str], tuple[str, int]] = {}
        self._runner = asyncio.Runner()
        self._client = httpx2.AsyncClient(
            transport=httpx2.ASGITransport(app, raise_app_exceptions=False),
            base_url=url,
            event_hooks={"request": [self._sign]},
        )

    @property
    def node(self) -> Any:
        return self.app.node

    def close(self) -> None:
        self._runner.run(self._client.aclose())
        self._runner.close()
        self.node.close()

    def leaves(self) -> list[dict[str, Any]]:
        """Return the audit entries in the order in which they were written."""
        with transaction(self.node.engine, write=False) as conn:
            rows = conn.scalars(select(t.audit_leaf.c.body).order_by(t.audit_leaf.c.serial))
            return [json.loads(body) for body in rows]

    def events(self) -> list[str]:
        """Return what the audit entries say happened."""
        return [leaf["event"] for leaf in self.leaves()]

    def register(self, entry: dict[str, Any]) -> None:
        """Enter a partner in the registry, or change its entry; it asks for new tokens once it has access."""
        with transaction(self.node.engine) as conn:
            clients.register_partner(conn, entry, at=instant(self.clock.now()))
        if entry["noImmigrationEnforcement"]:
            others = (place for place in self._tokens if place[1] != entry["nodeId"])
            self._tokens = {place: self._tokens[place] for place in others}

    def raw(self, method: str, path: str, **options: Any) -> httpx2.Response:
        response = self._runner.run(self._client.request(method, path, **options))
        self._judge(method, path, response)
        return response

    def together(self, requests: list[tuple[str, str, dict[str, Any]]]) -> list[httpx2.Response]:
        """Send requests at the same time."""

        async def send() -> list[httpx2.Response]:
            return await asyncio.gather(*(self._client.request(m, p, **o) for m, p, o in requests))

        responses = self._runner.run(send())
        for (method, path, _), response in zip(requests, responses, strict=True):
            self._judge(method, path, response)
        return responses

    async def _sign(self, request: httpx2.Request) -> None:
        self.sign(request)

    def sign(self, request: httpx2.Request) -> None:
        """Sign what a partner sends, as its node does."""
        client_id = signing.caller(request) or ""
        if client_id.startswith("node:") and not request.extensions.get("as_is"):
            known = (item for item in self.identities.values() if item.client_id == client_id)
            signing.sign_as(request, next(known).key, self.now())

    def _judge(self, method: str, path: str, response: httpx2.Response) -> None:
        operation = contract.judge(method, path, response, self.node.settings.role)
        if operation is not None:
            self.answered.add((operation, str(response.status_code)))

    def now(self) -> int:
        return int(self.clock.now().timestamp())

    def assertion(self, identity: Identity, header: dict[str, Any] | None = None, **claims: Any) -> str:
        body = {
            "iss": identity.client_id,
            "sub": identity.client_id,
            "aud": self.url,
            "iat": self.now(),
            "exp": self.now() + 60,
            "jti": secrets.token_urlsafe(16),
            **claims,
        }
        body = {name: value for name, value in body.items() if value is not None}
        return jwt.encode({"alg": identity.alg, **(header or {})}, body, identity.key, registry=_REGISTRY)

    def proof(
        self,
        identity: Identity,
        method: str,
        path: str,
        token: str | None = None,
        header: dict[str, Any] | None = None,
        **claims: Any,
    ) -> str:
        body: dict[str, Any] = {
            "jti": secrets.token_urlsafe(16),
            "htm": method,
            "htu": self.url + path.partition("?")[0],
            "iat": self.now(),
        }
        if token is not None:
            body["ath"] = dpop.access_token_hash(token)
        body = {name: value for name, value in {**body, **claims}.items() if value is not None}
        head = {
            "typ": "dpop+jwt",
            "alg": "ES256",
            "jwk": identity.proof_key.as_dict(private=False),
            **(header or {}),
        }
        head = {name: value for name, value in head.items() if value is not None}
        return jwt.encode(head, body, identity.proof_key, registry=_REGISTRY)

    def token_response(
        self,
        name: str,
        form: Mapping[str, Any] | None = None,
        *,
        proof: str | None = None,
        headers: Mapping[str, str | None] | None = None,
        **details: Any,
    ) -> httpx2.Response:
        """Ask for a token; `form` replaces form fields, `details` members of the authorization details.

        `headers` replaces header fields; None takes one away, in a form as well.
        """
        identity = self.identities[name]
        fields = {
            "grant_type": "client_credentials",
            "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
            "client_assertion": self.assertion(identity),
            "authorization_details": json.dumps([self.details(name, **details)]),
            **(form or {}),
        }
        body = urlencode({key: value for key, value in fields.items() if value is not None})
        sent = {
            "DPoP": self.proof(identity, "POST", "/oauth/token") if proof is None else proof,
            "Content-Type": "application/x-www-form-urlencoded",
            **(headers or {}),
        }
        given = {field: value for field, value in sent.items() if value is not None}
        return self.raw("POST", "/oauth/token", content=body, headers=given)

    def sequence(self) -> int:
        """Merge what waits into the log, as the background job does."""
        return sequence(self.node)

    def advance(self, **step: float) -> None:
        """Move the node's clock and the clients' with it."""
        self.clock.advance(timedelta(**step))

    def details(self, name: str, **members: Any) -> dict[str, Any]:
        """Return what a client asks a token for: everything that it may for the purpose."""
        purpose = members.get("purpose", "searchLiving")
        return {
            "type": "urn:mpex:access",
            "purpose": purpose,
            "legalBasis": "consent",
            "actions": sorted(_open_to(name, purpose)),
            **members,
        }

    def token(self, name: str, **details: Any) -> str:
        response = self.token_response(name, **details)
        assert response.status_code == 200, response.text
        return str(response.json()["access_token"])

    def _kept_token(self, name: str, details: dict[str, Any]) -> str:
        place = (name, self.identities[name].client_id, json.dumps(details, sort_keys=True))
        token, expires = self._tokens.get(place, ("", 0))
        if expires <= self.now():
            response = self.token_response(name, **details)
            assert response.status_code == 200, response.text
            token, expires = response.json()["access_token"], self.now() + response.json()["expires_in"]
            self._tokens[place] = (token, expires)
        return token

    def headers(
        self, name: str, method: str, path: str, *, token: str | None = None, **details: Any
    ) -> dict[str, str]:
        token = token or self._kept_token(name, details)
        return {
            "Authorization": f"DPoP {token}",
            "DPoP": self.proof(self.identities[name], method, path, token),
        }

    def call(
        self,
        name: str,
        method: str,
        path: str,
        body: Any = None,
        *,
        key: str | None = None,
        match: str | None = None,
        token: str | None = None,
        headers: dict[str, str] | None = None,
        **details: Any,
    ) -> httpx2.Response:
        """Send an authenticated request; `key` is the Idempotency-Key, `match` the If-Match value."""
        head = self.headers(name, method, path, token=token, **details)
        if key or (method == "POST" and key is None):
            head["Idempotency-Key"] = key or base64url.encode(os.urandom(16))
        if match:
            head["If-Match"] = match
        options: dict[str, Any] = {"headers": {**head, **(headers or {})}}
        if body is not None:
            options["json"] = body
        return self._opened(name, path, self.raw(method, path, **options), details.get("purpose"))

    def _opened(
        self, name: str, path: str, response: httpx2.Response, purpose: str | None
    ) -> httpx2.Response:
        """Return what was sealed as its recipient reads it, and any other answer as it is."""
        if not path.endswith(("/release", "/record")) or response.status_code != 200:
            return response
        issuer, identity = self.node.settings.node_id, self.identities[name]
        release = identity.opened(response.json(), issuer=issuer, purpose=purpose or "searchLiving")
        return httpx2.Response(200, json=release, request=response.request)


def _open_to(name: str, purpose: str) -> set[str]:
    """Return what a role, or any partner, may for a purpose; everything for one that serves nothing."""
    rows = [row for row in mpex_spec.access() if row.caller == (name if name in ROLE_ACTIONS else PARTNER)]
    return {row.action for row in rows if purpose in row.purposes} or {row.action for row in rows}


def partner_entry(identity: Identity, **members: Any) -> dict[str, Any]:
    return {
        "nodeId": identity.client_id,
        "name": "Partner of the tests",
        "url": "https://partner.example",
        "recipientClass": "humanitarian",
        "purposes": ["searchLiving", "identifyDeceased", "familyReunification"],
        "territories": ["ES"],
        "mandates": [],
        "noImmigrationEnforcement": True,
        "jwks": identity.jwks,
        **members,
    }


def create_schema(url: str) -> None:
    tables.create(url)


def new_settings(folder: Path, database_url: str) -> Settings:
    """Return the settings of a new sandbox node whose keys lie in `folder`."""
    FileKeys.create(folder / "keys")
    return Settings(
        environment="sandbox",
        node_id=new_id("node"),
        name="Node of the tests",
        public_url=URL,
        database_url=database_url,
        key_dir=folder / "keys",
        threads=4,
        log_level="error",
    )


def open_world(settings: Settings) -> World:
    """Return a node with a staff client of each role and the partners `one` and `two`; close it after use."""
    clock = ManualClock(START)
    app = create_app(settings, clock=clock)
    identities = {role: Identity(new_id("client")) for role in ROLE_ACTIONS}
    identities |= {name: Identity(new_id("node")) for name in ("one", "two")}
    with transaction(app.node.engine) as conn:
        for name, identity in identities.items():
            if name in ROLE_ACTIONS:
                clients.register_staff(
                    conn, identity.client_id, roles=(name,), jwks=identity.jwks, at=instant(START)
                )
            else:
                clients.register_partner(conn, partner_entry(identity), at=instant(START))
    return World(app, clock, identities)
