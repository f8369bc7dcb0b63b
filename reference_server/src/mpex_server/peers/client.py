"""This node as a client of its partners: private_key_jwt, DPoP, purpose-bound tokens (AUTH-001 to -012).

At a partner our client id is our node id, and assertions and messages are signed with the node's key. The
proof key is made anew for each process. What a partner answers counts when it has signed it (SIG-008); its
refusals count in any case, since it may not have been able to tell who asked.
"""

import re
from collections import OrderedDict
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from hashlib import sha256
from threading import Lock
from typing import Any
from urllib.parse import urlencode

from joserfc.jwk import ECKey
from mpex_spec.message_signatures import Request, Response, SignatureRefusedError

from mpex_server.federation.faults import Reason, TrustError
from mpex_server.keys import KeyProvider
from mpex_server.keys.material import new_signing_jwk, public_jwk, sign_es256
from mpex_server.kit import base64url, jws, strict_json
from mpex_server.kit.clock import Clock
from mpex_server.kit.ids import new_id
from mpex_server.observation.traces import Traces
from mpex_server.peers import messages, patience
from mpex_server.peers.errors import PeerError, RefusedError, UnsoundAnswerError
from mpex_server.peers.wire import Answer, Wire

_ASSERTION_SECONDS = 60
_TOKEN_MARGIN_SECONDS = 15
_TOKENS_KEPT = 512
_TOKEN = re.compile(r"[\x21-\x7e]{1,16384}")
_ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


Look = Callable[[str], dict[str, Any] | None]
"""Returns the entry of a partner with the keys that it has today, None without news of them."""


@dataclass(frozen=True, slots=True)
class Partner:
    """A partner as its anchors describe it; nothing else decides where a request goes.

    A call to it may bring the entry up to date with the keys that the partner has today.
    """

    entry: dict[str, Any]

    @property
    def node_id(self) -> str:
        """The partner's identifier."""
        return str(self.entry["nodeId"])

    @property
    def url(self) -> str:
        """The partner's base address, which is its issuer identifier as well."""
        return str(self.entry["url"])

    @property
    def jwks(self) -> dict[str, Any]:
        """The partner's public keys."""
        return dict(self.entry["jwks"])


@dataclass(frozen=True, slots=True)
class Access:
    """What a token is asked for."""

    purpose: str
    legal_basis: str
    actions: tuple[str, ...]

    def details(self) -> str:
        """Return the authorization details (RFC 9396)."""
        details = {
            "type": "urn:mpex:access",
            "purpose": self.purpose,
            "legalBasis": self.legal_basis,
            "actions": list(self.actions),
        }
        return strict_json.dumps([details]).decode()


class Peers:
    """Calls partners on behalf of the node; safe to use from several threads, never inside a transaction."""

    def __init__(
        self, *, node_id: str, keys: KeyProvider, clock: Clock, sandbox: bool, traces: Traces
    ) -> None:
        self._node_id = node_id
        self._keys = keys
        self._clock = clock
        self._wire = Wire(sandbox=sandbox, clock=clock)
        self._traces = traces
        private = new_signing_jwk()
        self._proof_key = ECKey.import_key(private)
        self._proof_jwk = {
            name: value for name, value in public_jwk(private).items() if name in ("kty", "crv", "x", "y")
        }
        self._tokens: OrderedDict[tuple[str, Access], tuple[str, float]] = OrderedDict()
        self._lock = Lock()
        self.look: Look = lambda _node_id: None

    def call(
        self,
        partner: Partner,
        method: str,
        path: str,
        access: Access,
        *,
        body: dict[str, Any] | None = None,
        content: bytes | None = None,
        media_type: str = "application/json",
        key: str | None = None,
    ) -> Answer:
        """Send a request with a token for `access`; a token the partner no longer takes is renewed once.

        Raises UnreachableError, RefusedError for any status of 400 and above, UnsoundAnswerError.
        """
        if body is not None:
            content = strict_json.dumps(body)
        headers = {"accept": "application/json"}
        if content is not None:
            headers["content-type"] = media_type
        if key is not None:
            headers["idempotency-key"] = key
        with self._traces.span("partner call") as span:
            answer = self._attempt(partner, method, path, access, headers, content)
            if answer.status == 401:
                self._forget(partner, access)
                answer = self._attempt(partner, method, path, access, headers, content)
            span.says(status=answer.status)
        if answer.status >= 300:
            raise RefusedError(answer.status)
        return answer

    def metadata(self, partner: Partner) -> dict[str, Any]:
        """Return what the partner publishes of itself, without a token; raises PeerError."""
        url = f"{partner.url}/.well-known/mpex-node"
        with self._traces.span("partner call") as span:
            answer = self._wire.send("GET", url, headers={"accept": "application/json"})
            span.says(status=answer.status)
        if answer.status != 200:
            raise RefusedError(answer.status)
        return answer.json()

    def fetch(self, url: str) -> str:
        """Return the text that an entity of the federation publishes (chains.Fetch)."""
        return self._published("GET", url, None)

    def ask_status(self, url: str, mark: str) -> str:
        """Return what the issuer of a trust mark says of it today (marks.Ask)."""
        return self._published("POST", url, urlencode({"trust_mark": mark}).encode())

    def within(self, seconds: float) -> AbstractContextManager[None]:
        """Let no exchange of this thread that is made inside last for longer (asking.Within)."""
        return patience.within(self._clock, seconds)

    def _published(self, method: str, url: str, content: bytes | None) -> str:
        headers = {"accept": "*/*"}
        if content is not None:
            headers["content-type"] = "application/x-www-form-urlencoded"
        try:
            answer = self._wire.send(method, url, headers=headers, content=content)
            if answer.status == 200:
                return answer.body.decode()
        except (PeerError, UnicodeDecodeError) as error:
            raise TrustError("unreachable", url, "no sound answer comes") from error
        reason: Reason = "notFound" if answer.status == 404 else "unreachable"
        raise TrustError(reason, url, f"the answer has status {answer.status}")

    def ask_token(self, partner: Partner, access: Access) -> Answer:
        """Ask a partner for a token, and return its answer as it is; raises PeerError for none."""
        url = f"{partner.url}/oauth/token"
        form = {
            "grant_type": "client_credentials",
            "client_assertion_type": _ASSERTION_TYPE,
            "client_assertion": self._assertion(partner),
            "authorization_details": access.details(),
        }
        headers = {
            "content-type": "application/x-www-form-urlencoded",
            "dpop": self._proof("POST", url, None),
        }
        return self._wire.send("POST", url, headers=headers, content=urlencode(form).encode())

    def close(self) -> None:
        """Release the connections."""
        self._wire.close()

    def _attempt(
        self,
        partner: Partner,
        method: str,
        path: str,
        access: Access,
        headers: dict[str, str],
        content: bytes | None,
    ) -> Answer:
        token = self._token(partner, access)
        url, now = partner.url + path, self._clock.now().timestamp()
        fields = {**headers, "authorization": f"DPoP {token}", "dpop": self._proof(method, url, token)}
        request = Request(method, url, fields, content or b"")
        fields |= messages.signed(self._keys, request, now)
        answer = self._wire.send(method, url, headers=fields, content=content)
        if answer.status < 300:
            self._check(Response(answer.status, answer.fields, answer.body, request), partner)
        return answer

    def _check(self, response: Response, partner: Partner) -> None:
        try:
            self._check_with_keys_of_today(response, partner)
        except SignatureRefusedError as error:
            raise UnsoundAnswerError("the answer is not signed by the partner") from error

    def _check_with_keys_of_today(self, response: Response, partner: Partner) -> None:
        now = self._clock.now().timestamp()
        try:
            messages.check(response, partner.jwks, now)
        except messages.UnknownKeyError:
            today = self.look(partner.node_id)
            if today is None:
                raise
            partner.entry.update(today)
            messages.check(response, partner.jwks, now)

    def _token(self, partner: Partner, access: Access) -> str:
        now = self._clock.now().timestamp()
        with self._lock:
            token, ends = self._tokens.get((partner.node_id, access), ("", 0.0))
        if ends > now:
            return token
        token, seconds = self._new_token(partner, access)
        with self._lock:
            self._tokens[partner.node_id, access] = (token, now + seconds - _TOKEN_MARGIN_SECONDS)
            while len(self._tokens) > _TOKENS_KEPT:
                self._tokens.popitem(last=False)
        return token

    def _new_token(self, partner: Partner, access: Access) -> tuple[str, float]:
        answer = self.ask_token(partner, access)
        if answer.status != 200:
            raise RefusedError(answer.status)
        issued = answer.json()
        token, seconds = issued.get("access_token"), issued.get("expires_in")
        if not isinstance(token, str) or not _TOKEN.fullmatch(token) or not isinstance(seconds, int):
            raise UnsoundAnswerError("the token answer lacks a token or its lifetime")
        return token, float(seconds)

    def _forget(self, partner: Partner, access: Access) -> None:
        with self._lock:
            self._tokens.pop((partner.node_id, access), None)

    def _assertion(self, partner: Partner) -> str:
        now = int(self._clock.now().timestamp())
        claims = {
            "iss": self._node_id,
            "sub": self._node_id,
            "aud": partner.url,
            "jti": new_id("assertion"),
            "iat": now,
            "exp": now + _ASSERTION_SECONDS,
        }
        header = {"alg": "ES256", "typ": "client-authentication+jwt", "kid": self._keys.signing_kid()}
        return jws.sign(header, claims, self._keys.sign)

    def _proof(self, method: str, url: str, token: str | None) -> str:
        claims: dict[str, Any] = {
            "jti": new_id("proof"),
            "htm": method,
            "htu": url,
            "iat": int(self._clock.now().timestamp()),
        }
        if token is not None:
            claims["ath"] = base64url.encode(sha256(token.encode()).digest())
        header = {"alg": "ES256", "typ": "dpop+jwt", "jwk": self._proof_jwk}
        return jws.sign(header, claims, lambda data: sign_es256(self._proof_key, data))
