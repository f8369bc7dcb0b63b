"""The authorization server of the fake node: assertions, proofs of possession and tokens, really checked."""

import base64
import hashlib
import json
import secrets
from typing import Any
from urllib.parse import parse_qs

import httpx2
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey
from mpex_spec.message_signatures import SignatureRefusedError

from mpex_client._clock import Clock
from mpex_client._messages import answered, asked, is_partner, signature, verified
from mpex_client.keys import SigningKey
from mpex_client.testing._reply import RefusalError, json_reply
from mpex_client.testing._schemas import faults

__all__ = ["Tokens"]

_TOKEN_SECONDS = 300
_SKEW = 10
_PROOF_SECONDS = 60


class _TokenError(Exception):
    """An RFC 6749 error."""


class Tokens:
    """Issues tokens to registered clients and checks them when they are used."""

    def __init__(self, issuer: str, clock: Clock) -> None:
        self._issuer = issuer
        self._clock = clock
        self._key = ECKey.generate_key("P-256", private=True)
        self._clients: dict[str, ECKey] = {}
        self._seen: set[str] = set()

    def register(self, client_id: str, public_jwk: dict[str, Any]) -> None:
        """Let a client in."""
        self._clients[client_id] = ECKey.import_key(public_jwk)

    def forget(self) -> None:
        """Let nobody in any more."""
        self._clients.clear()

    def public_jwks(self) -> dict[str, Any]:
        """Return the key set of the node."""
        return {"keys": [self._key.as_dict(private=False) | {"kid": self._key.thumbprint()}]}

    def issue(self, request: httpx2.Request) -> httpx2.Response:
        """Answer a token request."""
        form = {name: values[0] for name, values in parse_qs(request.content.decode()).items()}
        try:
            client_id = self._asserted(form)
            thumbprint = self._proof(request, None)
            details = json.loads(form.get("authorization_details", "null"))
            if faults("authorization-details", details):
                raise _TokenError("invalid_authorization_details")
        except (_TokenError, JoseError, ValueError, KeyError) as error:
            code = error.args[0] if isinstance(error, _TokenError) else "invalid_request"
            told = {"error": code, "error_description": "Read what the standard asks for."}
            return json_reply(400, told)
        now = int(self._clock().timestamp())
        claims = {
            "iss": self._issuer,
            "sub": client_id,
            "exp": now + _TOKEN_SECONDS,
            "cnf": {"jkt": thumbprint},
            "authorization_details": details,
            "jti": secrets.token_urlsafe(16),
        }
        token = jwt.encode({"typ": "at+jwt", "alg": "ES256"}, claims, self._key, algorithms=["ES256"])
        answer = {
            "access_token": token,
            "token_type": "DPoP",
            "expires_in": _TOKEN_SECONDS,
            "authorization_details": details,
        }
        return json_reply(200, answer)

    def check(self, request: httpx2.Request, action: str) -> str:
        """Return the client of a resource request; raises RefusalError when it may not act."""
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        if scheme != "DPoP":
            raise RefusalError("unauthorized")
        try:
            claims = jwt.decode(token, self._key, algorithms=["ES256"]).claims
            thumbprint = self._proof(request, token)
        except (JoseError, ValueError, KeyError, _TokenError):
            raise RefusalError("unauthorized") from None
        if claims["exp"] <= self._clock().timestamp() or claims["cnf"]["jkt"] != thumbprint:
            raise RefusalError("unauthorized")
        if action not in claims["authorization_details"][0]["actions"]:
            raise RefusalError("actionNotAllowed")
        client_id = str(claims["sub"])
        if is_partner(client_id):
            self._check_signature(request, client_id)
        return client_id

    def signature(self, request: httpx2.Request, response: httpx2.Response) -> dict[str, str]:
        """Return the fields that sign an answer to a partner."""
        key = SigningKey(self._key)
        return signature(answered(request, response), key, self._clock().timestamp())

    def _check_signature(self, request: httpx2.Request, client_id: str) -> None:
        key = self._clients[client_id].as_dict(private=False)
        try:
            verified(asked(request), {"keys": [key]}, self._clock().timestamp())
        except SignatureRefusedError as error:
            raise RefusalError(error.code) from None

    def revoke_all(self) -> None:
        """Make every token issued so far invalid, as a change of the node's key does."""
        self._key = ECKey.generate_key("P-256", private=True)

    def _asserted(self, form: dict[str, str]) -> str:
        client_id = form.get("client_id", "")
        if form.get("grant_type") != "client_credentials" or client_id not in self._clients:
            raise _TokenError("invalid_client")
        claims = jwt.decode(form["client_assertion"], self._clients[client_id], algorithms=["ES256"]).claims
        now = self._clock().timestamp()
        subject = claims["iss"] == claims["sub"] == client_id
        in_time = now < claims["exp"] <= now + 300 and claims["iat"] <= now + _SKEW
        if not (subject and in_time and claims["aud"] == self._issuer and self._first(claims["jti"])):
            raise _TokenError("invalid_client")
        return client_id

    def _proof(self, request: httpx2.Request, token: str | None) -> str:
        proofs = request.headers.get_list("DPoP")
        if len(proofs) != 1:
            raise _TokenError("invalid_dpop_proof")
        header = json.loads(_decoded(proofs[0].split(".")[0]))
        key = ECKey.import_key(header["jwk"])
        claims = jwt.decode(proofs[0], key, algorithms=["ES256"]).claims
        address = str(request.url.copy_with(query=None, fragment=None))
        right = (
            header["typ"] == "dpop+jwt"
            and "d" not in header["jwk"]
            and (claims["htm"], claims["htu"]) == (request.method, address)
            and abs(claims["iat"] - self._clock().timestamp()) <= _PROOF_SECONDS
            and (token is None or claims["ath"] == _digest(token))
            and self._first(key.thumbprint() + claims["jti"])
        )
        if not right:
            raise _TokenError("invalid_dpop_proof")
        return key.thumbprint()

    def _first(self, token_id: str) -> bool:
        fresh = token_id not in self._seen
        self._seen.add(token_id)
        return fresh


def _decoded(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


def _digest(token: str) -> str:
    digest = hashlib.sha256(token.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
