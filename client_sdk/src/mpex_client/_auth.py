"""The authentication flow of both clients: find the token endpoint, get a token, prove possession.

Client credentials with `private_key_jwt` (RFC 7523, audience = issuer), DPoP on token and resource requests
(RFC 9449), one object of `authorization_details` (RFC 9396). Tokens are kept per purpose and set of actions.
A client that is a node signs its requests, and takes no answer that the other node has not signed (RFC 9421).
"""

import base64
import hashlib
import json
import secrets
from collections.abc import Generator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import httpx2
from mpex_spec.message_signatures import CONTENT_DIGEST, SignatureRefusedError, content_digest

from mpex_client import _messages
from mpex_client._clock import Clock
from mpex_client._errors import ConfigurationError, ProtocolError, TokenRefusedError, TransportError
from mpex_client.keys import SigningKey

__all__ = ["ACCESS", "Access", "MpexAuth", "checked_base_url"]

ACCESS = "mpex_access"
METADATA_PATH = "/.well-known/oauth-authorization-server"
KEYS_PATH = "/.well-known/jwks.json"
_ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
_ASSERTION_SECONDS = 60
_EARLY_SECONDS = 15
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
_NO_KEYS = (
    "a client that is a node checks answers with keys of the other node, and is given none: find them with"
    " Client.discover(url, anchors), and pass its `jwks` as keys=; mpex does so with [anchors] in the profile"
)
Flow = Generator[httpx2.Request, httpx2.Response, Any]


@dataclass(frozen=True, slots=True)
class Access:
    """What a token is asked for: one purpose, its legal basis, and the actions."""

    purpose: str
    legal_basis: str
    actions: frozenset[str]

    def details(self) -> str:
        """Return the `authorization_details` parameter."""
        detail = {
            "type": "urn:mpex:access",
            "purpose": self.purpose,
            "legalBasis": self.legal_basis,
            "actions": sorted(self.actions),
        }
        return json.dumps([detail])


@dataclass(frozen=True, slots=True)
class _Token:
    value: str
    good_until: float


class MpexAuth(httpx2.Auth):
    """Adds a DPoP-bound token to each request whose extension `mpex_access` names an `Access`.

    A request without it goes out as it is. A cached token that is refused is replaced once. `check` takes the
    answers; for a node with `keys`, the JWK set of the other node for which anchors vouch (SIG-008). Without
    them it fetches what the other publishes, which only a node on this machine is believed.
    """

    requires_request_body = requires_response_body = True

    def __init__(
        self,
        base_url: str,
        client_id: str,
        key: SigningKey,
        clock: Clock,
        *,
        keys: Mapping[str, Any] | None = None,
    ) -> None:
        self._base_url = base_url
        self._client_id = client_id
        self._key = key
        self._clock = clock
        self._token_endpoint: str | None = None
        self._tokens: dict[Access, _Token] = {}
        self._partner = _messages.is_partner(client_id)
        self._keys = keys
        self._fetches = keys is None
        if keys is None and self._partner and urlsplit(base_url).hostname not in _LOOPBACK:
            raise ConfigurationError(_NO_KEYS)
        if keys is not None and not _messages.is_key_set(keys):
            raise ConfigurationError("the keys of the node are no JWK set; take `jwks` of Client.discover()")

    def auth_flow(self, request: httpx2.Request) -> Flow:
        """Yield the requests of the flow; httpx sends them and hands back the answers."""
        access = request.extensions.get(ACCESS)
        if access is None:
            yield request
            return
        cached = self._cached(access)
        token = cached or (yield from self._fetch(access, request))
        # Before the request, since the last answer of a flow is the one that its caller gets.
        if self._partner and self._keys is None:
            self.renew((yield _request(request, "GET", self._base_url + KEYS_PATH)))
        response = yield self._proved(request, token)
        if response.status_code == httpx2.codes.UNAUTHORIZED and cached:
            self._tokens.pop(access, None)
            token = yield from self._fetch(access, request)
            yield self._proved(request, token)

    def lacks_key(self, response: httpx2.Response) -> bool:
        """Tell whether an answer names a key that the node can only have published since."""
        if not (self._partner and self._fetches and ACCESS in response.request.extensions):
            return False
        return self._keys is None or not _messages.names_key(response, self._keys)

    def renew(self, published: httpx2.Response) -> None:
        """Take the keys that the node publishes."""
        keys = _json_object(published, "the node's key set")
        if not _messages.is_key_set(keys):
            raise ProtocolError("what the node publishes as its keys is no JWK set")
        self._keys = keys

    def check(self, response: httpx2.Response) -> None:
        """Refuse a successful answer that is not whole, or that to a node is not signed by the other."""
        if ACCESS not in response.request.extensions:
            return
        if not self._partner:
            _check_whole(response)
            return
        try:
            _messages.verified(_messages.answered(response.request, response), self._keys or {}, self._now())
        except SignatureRefusedError as error:
            raise ProtocolError(f"the answer is not signed by the node: {error}") from error

    def _cached(self, access: Access) -> str | None:
        token = self._tokens.get(access)
        return token.value if token and self._now() < token.good_until else None

    def _fetch(
        self, access: Access, outer: httpx2.Request
    ) -> Generator[httpx2.Request, httpx2.Response, str]:
        if self._token_endpoint is None:
            response = yield _request(outer, "GET", self._base_url + METADATA_PATH)
            self._token_endpoint = _token_endpoint(response, self._base_url)
        form = {
            "grant_type": "client_credentials",
            "client_id": self._client_id,
            "client_assertion_type": _ASSERTION_TYPE,
            "client_assertion": self._assertion(),
            "authorization_details": access.details(),
        }
        request = _request(outer, "POST", self._token_endpoint, data=form)
        request.headers["DPoP"] = self._proof(request)
        token, seconds = _granted((yield request), access)
        self._tokens[access] = _Token(token, self._now() + seconds - _EARLY_SECONDS)
        return token

    def _assertion(self) -> str:
        now = int(self._now())
        claims = {
            "iss": self._client_id,
            "sub": self._client_id,
            "aud": self._base_url,
            "jti": secrets.token_urlsafe(16),
            "iat": now,
            "exp": now + _ASSERTION_SECONDS,
        }
        return self._key.sign("JWT", claims)

    def _proved(self, request: httpx2.Request, token: str) -> httpx2.Request:
        request.headers["Authorization"] = f"DPoP {token}"
        request.headers["DPoP"] = self._proof(request, token)
        if self._partner:
            request.headers.update(_messages.signature(_messages.asked(request), self._key, self._now()))
        return request

    def _proof(self, request: httpx2.Request, token: str | None = None) -> str:
        claims = {
            "jti": secrets.token_urlsafe(16),
            "htm": request.method,
            "htu": str(request.url.copy_with(query=None, fragment=None)),
            "iat": int(self._now()),
        }
        if token is not None:
            digest = hashlib.sha256(token.encode()).digest()
            claims["ath"] = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        return self._key.sign("dpop+jwt", claims, with_jwk=True)

    def _now(self) -> float:
        return self._clock().timestamp()


def _request(outer: httpx2.Request, method: str, url: str, **content: Any) -> httpx2.Request:
    """Make a request of the flow itself, with the time limits of the one that it serves: httpx sets none."""
    limits = {"timeout": outer.extensions["timeout"]}
    return httpx2.Request(method, url, extensions=limits, **content)


def _check_whole(response: httpx2.Response) -> None:
    """Refuse an answer that was cut short or damaged on its way; one without a digest is taken as it is."""
    digest = response.headers.get(CONTENT_DIGEST)
    if digest is not None and digest != content_digest(response.content):
        raise ProtocolError("the answer is not as the node sent it: Content-Digest is not that of the body")


def checked_base_url(url: str) -> str:
    """Return the address of a node without its final slash; plain http only on this machine."""
    parts = urlsplit(url)
    if parts.scheme == "https" and parts.hostname:
        return url.rstrip("/")
    if parts.scheme == "http" and parts.hostname in _LOOPBACK:
        return url.rstrip("/")
    raise ConfigurationError("the address of a node begins with https:// (http:// only on this machine)")


def _token_endpoint(response: httpx2.Response, base_url: str) -> str:
    metadata = _json_object(response, "the authorization server's metadata")
    if metadata.get("issuer") != base_url:
        raise ProtocolError(
            "the metadata names another issuer than the address in use; use the node's published address"
        )
    return checked_base_url(str(metadata.get("token_endpoint", "")))


def _granted(response: httpx2.Response, access: Access) -> tuple[str, float]:
    answer = _json_object(response, "the token response")
    if answer.get("token_type") != "DPoP":
        raise ProtocolError("the token is not bound to a key (token_type is not DPoP)")
    token, seconds = answer.get("access_token"), answer.get("expires_in")
    if not isinstance(token, str) or not isinstance(seconds, int):
        raise ProtocolError("the token response lacks access_token or expires_in")
    details = answer.get("authorization_details")
    granted = details[0] if isinstance(details, list) and details else {}
    if not isinstance(granted, dict) or granted.get("purpose") != access.purpose:
        raise ProtocolError("the token response does not echo the purpose that was asked for")
    return token, float(seconds)


def _json_object(response: httpx2.Response, what: str) -> dict[str, Any]:
    status = response.status_code
    if status == httpx2.codes.TOO_MANY_REQUESTS or status >= httpx2.codes.INTERNAL_SERVER_ERROR:
        raise TransportError(f"{what} is not to be had now (HTTP {status})", sent=False)
    try:
        body = response.json()
    except ValueError:
        body = None
    if not isinstance(body, dict):
        raise ProtocolError(f"{what} is not a JSON object (HTTP {status})")
    if status != httpx2.codes.OK:
        raise TokenRefusedError(
            str(body.get("error", "unknown")),
            str(body.get("error_description", "")),
            status=status,
            trust_fault=str(body.get("trust_fault", "")),
        )
    return body
